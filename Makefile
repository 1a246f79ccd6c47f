# `make help` lists the targets.

PACKAGES := libopenblas-dev libopenblas-openmp-dev libcairo2-dev libpango1.0-dev libjpeg-dev libtorch-dev \
            libcmark-gfm-dev libcmark-gfm-extensions-dev fonts-dejavu-core pkg-config
SWIFT_FLAGS ?=

.PHONY: help setup build test clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

setup: ## install the system packages that are missing
	@scripts/setup $(PACKAGES)

build: setup ## build the release executables
	swift build -c release $(SWIFT_FLAGS)

test: setup ## run all tests and count passed, failed and skipped
	@scripts/test $(SWIFT_FLAGS)

clean: ## remove what was built
	rm -rf .build build
