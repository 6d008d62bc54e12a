use std::{error::Error, fmt};

use reqwest::blocking::Response;
use vision_ai_client::models::ErrorAnswer;

/// The module's no. It arrives with HTTP 200: only its code tells it from a success.
#[derive(Debug)]
pub struct DeviceError(pub i32);

impl fmt::Display for DeviceError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the module answered {}", self.0)
    }
}

impl Error for DeviceError {}

pub fn done(code: i32) -> Result<(), DeviceError> {
    if code == 0 {
        Ok(())
    } else {
        Err(DeviceError(code))
    }
}

/// What an answer has beside its code: it may be absent, null, or there.
pub fn data<T>(code: i32, data: Option<Option<Box<T>>>) -> Result<T, Box<dyn Error>> {
    done(code)?;
    let data = data
        .flatten()
        .ok_or("the module answered a success without data")?;
    Ok(*data)
}

/// A body of bytes, in whose place an error may come as JSON (A10).
pub fn file(response: Response) -> Result<Vec<u8>, Box<dyn Error>> {
    let body = response.bytes()?.to_vec();
    match serde_json::from_slice::<ErrorAnswer>(&body) {
        Ok(refusal) if refusal.code != 0 => Err(DeviceError(refusal.code).into()),
        _ => Ok(body),
    }
}
