//! Pictures from a camera, or from a file that stands for one. They are taken here and never enter a camera roll.

use image::{ImageReader, RgbImage};
use nokhwa::pixel_format::RgbFormat;
use nokhwa::utils::{CameraIndex, FrameFormat, RequestedFormat, RequestedFormatType, Resolution};
use nokhwa::{Buffer, Camera, NokhwaError};
use std::path::PathBuf;
use thiserror::Error;

/// No picture.
#[derive(Debug, Error)]
pub enum NoPicture {
    /// No camera, no permission, or it was unplugged.
    #[error("the camera: {0}")]
    Camera(#[from] NokhwaError),
    /// The file that stands for a camera.
    #[error("the file: {0}")]
    File(#[from] std::io::Error),
    /// What came is no picture.
    #[error("no picture: {0}")]
    Broken(#[from] image::ImageError),
}

/// Something that gives pictures, one at a time.
pub trait CameraSource {
    /// The picture of this moment, upright as the camera sees it.
    ///
    /// # Errors
    /// [`NoPicture`].
    fn shoot(&mut self) -> Result<RgbImage, NoPicture>;
}

/// A camera of this machine.
pub struct BuiltIn(Camera);

impl BuiltIn {
    /// The camera with this number, at its best resolution.
    ///
    /// # Errors
    /// [`NoPicture::Camera`].
    pub fn open(number: u32) -> Result<Self, NoPicture> {
        let best = RequestedFormat::new::<RgbFormat>(RequestedFormatType::AbsoluteHighestResolution);
        let mut camera = Camera::new(CameraIndex::Index(number), best)?;
        camera.open_stream()?;
        Ok(Self(camera))
    }
}

impl CameraSource for BuiltIn {
    fn shoot(&mut self) -> Result<RgbImage, NoPicture> {
        Ok(self.0.frame()?.decode_image::<RgbFormat>()?)
    }
}

/// A JPEG file that stands for a camera, decoded as a camera's own frames are: for machines without one.
pub struct FromFile(pub PathBuf);

impl CameraSource for FromFile {
    fn shoot(&mut self) -> Result<RgbImage, NoPicture> {
        let (width, height) = ImageReader::open(&self.0)?.into_dimensions()?;
        let frame = Buffer::new(Resolution::new(width, height), &std::fs::read(&self.0)?, FrameFormat::MJPEG);
        Ok(frame.decode_image::<RgbFormat>()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn a_frame_comes_out_in_the_colours_and_size_it_had() {
        let file = tempfile::Builder::new().suffix(".jpg").tempfile().unwrap();
        let left_red = |x, _| if x < 32 { Rgb([220, 30, 30]) } else { Rgb([30, 30, 220]) };
        RgbImage::from_fn(64, 48, left_red).save(file.path()).unwrap();

        let picture = FromFile(file.path().to_owned()).shoot().unwrap();

        assert_eq!(picture.dimensions(), (64, 48));
        let [red, _, blue] = picture.get_pixel(8, 24).0;
        assert!(red > 200 && blue < 60, "{:?}", picture.get_pixel(8, 24));
        let [red, _, blue] = picture.get_pixel(56, 24).0;
        assert!(blue > 200 && red < 60, "{:?}", picture.get_pixel(56, 24));
    }

    #[test]
    fn half_a_frame_is_no_picture() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), b"\xff\xd8\xff").unwrap();
        assert!(FromFile(file.path().to_owned()).shoot().is_err());
    }
}
