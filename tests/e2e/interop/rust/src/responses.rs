use std::{error::Error, fmt};

use reqwest::blocking::Response;

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
pub fn read_data<T>(code: i32, data: Option<Option<T>>) -> Result<T, Box<dyn Error>> {
    check(code)?;
    data.flatten()
        .ok_or_else(|| "the module returned a success without data".into())
}

/// Return the body of a binary response, which can be a JSON error instead (A10).
pub fn read_bytes(response: Response) -> Result<Vec<u8>, Box<dyn Error>> {
    let body = response.bytes()?.to_vec();
    let json: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    match json["code"].as_i64() {
        Some(code) if code != 0 => Err(DeviceError(code.try_into()?).into()),
        _ => Ok(body),
    }
}
