# `make help` lists the targets.

# OpenBLAS over OpenMP comes first, since libtorch-dev would install another BLAS, whose own threads would compete with
# libtorch's.
OPENBLAS := libopenblas0-openmp
PACKAGES := libcairo2-dev libpango1.0-dev libjpeg-dev libpng-dev libwebp-dev libtiff-dev libheif-dev libtorch-dev \
            libopencv-features2d-dev libcmark-gfm-dev libcmark-gfm-extensions-dev libcurl4-openssl-dev libssl-dev \
            libarchive-dev libgloo-dev ca-certificates fonts-dejavu-core pkg-config
SWIFT_FLAGS ?=

WHALEBOOK := .build/release/whalebook

.PHONY: help setup build package demo test test-torch clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

setup: ## install the system packages that are missing
	@scripts/setup $(OPENBLAS)
	@scripts/setup $(PACKAGES)

# With Swift's runtime linked in, the programs start faster and run on machines without Swift.
RELEASE := swift build -c release --static-swift-stdlib

build: setup ## build the release executables
	$(RELEASE) --product whalebook $(SWIFT_FLAGS)
	$(RELEASE) --product whalebook-worker $(SWIFT_FLAGS)

package: build ## make a Debian package for machines without Swift
	@scripts/package .build/release

demo: build ## draw the sample pod, train on it and render the reports into build/reports
	@[ -e data/sample/sample.json ] || $(WHALEBOOK) sample data/sample
	$(WHALEBOOK) report reports/*.book.md --output-dir build/reports

test: setup ## run all tests and count passed, failed and skipped
	@scripts/test $(SWIFT_FLAGS)

test-torch: setup ## run the tests of libtorch against another version: LIBTORCH=<folder with include/ and lib/>
	@[ -d "$(LIBTORCH)/include" ] || { echo "LIBTORCH has no include/. Set LIBTORCH=<folder with include/ and lib/>." >&2; exit 64; }
	@LIBTORCH=$(abspath $(LIBTORCH)) scripts/test --scratch-path .build-torch \
	    --filter 'TorchTests|NetworksTests|BackbonesTests|TrainingTests' $(SWIFT_FLAGS)

clean: ## remove everything that was built
	rm -rf .build .build-torch build
