#include "copencv.h"

#include <cstdio>
#include <exception>
#include <memory>
#include <mutex>
#include <new>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/core/utility.hpp>
#include <opencv2/core/version.hpp>
#include <opencv2/features2d.hpp>

struct wb_features {
    std::vector<cv::KeyPoint> keypoints;
    cv::Mat descriptors;
};

namespace {

int32_t failed(wb_opencv_error *error, int32_t status, const char *message) {
    std::snprintf(error->message, sizeof error->message, "%s", message);
    return status;
}

// Without a handler OpenCV prints every error before it throws.
int stay_silent(int, const char *, const char *, const char *, int, void *) { return 0; }

// The one place where C++ exceptions end.
template <typename Body>
int32_t guarded(wb_opencv_error *error, Body body) {
    try {
        static std::once_flag is_set_up;
        std::call_once(is_set_up, [] {
            cv::redirectError(stay_silent);
            cv::setNumThreads(1);
        });
        body();
        return WB_OPENCV_OK;
    } catch (const cv::Exception &problem) {
        auto status = problem.code == cv::Error::StsNoMem ? WB_OPENCV_OUT_OF_MEMORY : WB_OPENCV_FAILED;
        return failed(error, status, problem.err.c_str());
    } catch (const std::bad_alloc &problem) {
        return failed(error, WB_OPENCV_OUT_OF_MEMORY, problem.what());
    } catch (const std::exception &problem) {
        return failed(error, WB_OPENCV_FAILED, problem.what());
    } catch (...) {
        return failed(error, WB_OPENCV_FAILED, "an unknown exception");
    }
}

// A place whose gradients have several directions is several keypoints; upright they are one.
void make_upright(std::vector<cv::KeyPoint> &keypoints) {
    for (auto &keypoint : keypoints) keypoint.angle = 0;
    cv::KeyPointsFilter::removeDuplicatedSorted(keypoints);
}

} // namespace

int32_t wb_sift(const uint8_t *levels, int32_t width, int32_t height, const uint8_t *mask, wb_sift_options options,
                wb_features **out, wb_opencv_error *error) {
    return guarded(error, [&] {
        // OpenCV takes no pointers to constants, but only reads.
        cv::Mat picture(height, width, CV_8UC1, const_cast<uint8_t *>(levels));
        cv::Mat region = mask ? cv::Mat(height, width, CV_8UC1, const_cast<uint8_t *>(mask)) : cv::Mat();
        const int all = 0, layers = 3;
        const double sigma = 1.6;
        auto sift = cv::SIFT::create(all, layers, options.contrast, options.edge, sigma);
        auto features = std::make_unique<wb_features>();
        if (options.is_upright) {
            sift->detect(picture, features->keypoints, region);
            make_upright(features->keypoints);
        }
        if (!options.is_upright || !features->keypoints.empty()) {
            sift->detectAndCompute(picture, region, features->keypoints, features->descriptors, options.is_upright);
        }
        *out = features.release();
    });
}

size_t wb_features_count(const wb_features *features) { return features->keypoints.size(); }

wb_keypoint wb_features_keypoint(const wb_features *features, size_t index) {
    const cv::KeyPoint &keypoint = features->keypoints[index];
    return {keypoint.pt.x, keypoint.pt.y, keypoint.size, keypoint.angle, keypoint.response};
}

const float *wb_features_descriptor(const wb_features *features, size_t index) {
    return features->descriptors.ptr<float>(static_cast<int>(index));
}

void wb_features_free(wb_features *features) { delete features; }

const char *wb_opencv_version(void) { return CV_VERSION; }
