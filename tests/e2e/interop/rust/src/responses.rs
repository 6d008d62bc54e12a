use std::{error::Error, fmt};

use reqwest::blocking::Response;
use vision_ai_client::models::ErrorAnswer;

/// An error that the module returned. Its HTTP status is 200 too; only the code differs.
#[derive(Debug)]
pub struct DeviceError(pub i32);

impl fmt::Display for DeviceError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the module returned code {}", self.0)
    }
}

impl Error for DeviceError {}

/// Check the code of a response.
pub fn check(code: i32) -> Result<(), DeviceError> {
    if code == 0 {
        Ok(())
    } else {
        Err(DeviceError(code))
    }
}

/// Check the code of a response, and return its data, which can be absent or null.
pub fn read_data<T>(code: i32, data: Option<Option<Box<T>>>) -> Result<T, Box<dyn Error>> {
    check(code)?;
    let data = data
        .flatten()
        .ok_or("the module returned a success without data")?;
    Ok(*data)
}

/// Return the body of a binary response, which can be a JSON error instead (A10).
pub fn read_bytes(response: Response) -> Result<Vec<u8>, Box<dyn Error>> {
    let body = response.bytes()?.to_vec();
    match serde_json::from_slice::<ErrorAnswer>(&body) {
        Ok(error) if error.code != 0 => Err(DeviceError(error.code).into()),
        _ => Ok(body),
    }
}
