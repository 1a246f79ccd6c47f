/// SIFT keypoints and their descriptors, over OpenCV's features2d.
///
/// No C++ exception leaves the shim, and OpenCV writes nothing to standard error. OpenCV starts no threads: callers
/// process several pictures at once on their own. The shim keeps no state between calls, which may run on any number of
/// threads.
#ifndef COPENCV_H
#define COPENCV_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    WB_OPENCV_OK = 0,
    WB_OPENCV_OUT_OF_MEMORY = 1,
    WB_OPENCV_FAILED = 2,
};

/// The numbers of a SIFT descriptor.
enum { WB_SIFT_WIDTH = 128 };

typedef struct {
    char message[256];
} wb_opencv_error;

typedef struct {
    /// A keypoint's difference of Gaussians is at least this share of the full scale, divided by the 3 layers of an
    /// octave.
    double contrast;
    /// Principal curvatures with a greater ratio are edges.
    double edge;
    /// If not 0, descriptors are not turned to the gradient's direction, and every place counts once.
    int32_t is_upright;
} wb_sift_options;

typedef struct {
    /// Pixels from the top left pixel's centre.
    float x, y;
    /// Diameter in pixels.
    float size;
    /// Direction in degrees, clockwise, in 0..<360.
    float angle;
    /// The contrast at the keypoint.
    float strength;
} wb_keypoint;

/// The keypoints of one picture with their descriptors.
typedef struct wb_features wb_features;

/// Finds all keypoints of a grey picture of `width` x `height` bytes, row by row, in no particular order.
///
/// `mask` has the same size; where it is 0 there are no keypoints. Returns WB_OPENCV_OK and new features in `*out`,
/// which wb_features_free frees; or another status with `*out` untouched and `*error` filled.
int32_t wb_sift(const uint8_t *_Nonnull levels, int32_t width, int32_t height, const uint8_t *_Nullable mask,
                wb_sift_options options, wb_features *_Nullable *_Nonnull out, wb_opencv_error *_Nonnull error);

size_t wb_features_count(const wb_features *_Nonnull features);

wb_keypoint wb_features_keypoint(const wb_features *_Nonnull features, size_t index);

/// WB_SIFT_WIDTH numbers of at least 0, which belong to the features.
const float *_Nonnull wb_features_descriptor(const wb_features *_Nonnull features, size_t index);

void wb_features_free(wb_features *_Nullable features);

/// OpenCV's version, such as "4.6.0".
const char *_Nonnull wb_opencv_version(void);

#ifdef __cplusplus
}
#endif

#endif
