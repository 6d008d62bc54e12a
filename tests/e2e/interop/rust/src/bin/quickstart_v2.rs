//! A picture, and a product from its first template to its deletion, with V2 of the API:
//! cargo run --bin quickstart_v2 -- http://127.0.0.1:8172

#[path = "../responses.rs"]
mod responses;

use std::{error::Error, fs, time::Duration};

use responses::{DeviceError, check, read_bytes, read_data};
use vision_ai_client_v2::{
    apis::{
        calibration_api, camera_api, configuration::Configuration, device_api, items_api,
        recognition_api,
    },
    models::{
        AddItemTemplateRequest, DeleteItemTemplateRequest, ErrorCode, GetItemTemplateListRequest,
        SetCalibRequest,
    },
};

type Outcome = Result<(), Box<dyn Error>>;

const ID: &str = "001";
const PICTURE: &str = "build/pan.jpg";

fn main() -> Outcome {
    let url = std::env::args().nth(1).ok_or("usage: cargo run --bin quickstart_v2 -- URL")?;
    // The module connects over USB, so a proxy of the environment cannot reach it.
    let client = reqwest::blocking::Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(30))
        .build()?;
    let module = Configuration {
        base_path: url,
        client,
        ..Configuration::default()
    };
    show_device(&module)?;
    take_picture(&module)?;
    let sid = teach(&module)?;
    recognize(&module)?;
    delete_template(&module, sid)?;
    cause_error(&module)
}

fn show_device(module: &Configuration) -> Outcome {
    let response = device_api::get_device_info(module)?;
    let info = read_data(response.code, response.data)?;
    // The serial number is a JSON value of any type, because its values were not seen.
    println!(
        "device: firmware {}, serial number {}",
        info.firmware.unwrap_or_default(),
        info.sn.flatten().unwrap_or_default()
    );
    Ok(())
}

fn take_picture(module: &Configuration) -> Outcome {
    let jpeg = read_bytes(camera_api::get_image(module)?)?;
    if !jpeg.starts_with(b"\xFF\xD8\xFF") || !jpeg.ends_with(b"\xFF\xD9") {
        return Err(format!("{} bytes that are not a complete JPEG", jpeg.len()).into());
    }
    fs::write(PICTURE, &jpeg)?;
    println!("picture: {} bytes, {PICTURE}", jpeg.len());
    Ok(())
}

fn teach(module: &Configuration) -> Result<String, Box<dyn Error>> {
    let response = items_api::add_item_template(module, AddItemTemplateRequest::new(ID.into()))?;
    let sid = read_data(response.code, response.data)?.sid;
    let product = GetItemTemplateListRequest::new(ID.into());
    let response = items_api::get_item_template_list(module, product)?;
    let mut templates = read_data(response.code, response.data)?;
    templates.retain(|each| each != "center"); // no template (B3)
    if !templates.contains(&sid) {
        return Err(format!("the template {sid} is not among {templates:?}").into());
    }
    println!("teaching: template {sid}, {} of product {ID}", templates.len());
    Ok(sid)
}

fn recognize(module: &Configuration) -> Outcome {
    let response = recognition_api::get_result(module)?;
    let result = read_data(response.code, response.data)?;
    let guess = result.items.iter().find(|guess| guess.id == ID);
    let guess = guess.ok_or_else(|| format!("{ID} is not among the guesses {:?}", result.items))?;
    println!("recognition: product {ID}, score {:.2}", guess.score);
    Ok(())
}

fn delete_template(module: &Configuration, sid: String) -> Outcome {
    let template = DeleteItemTemplateRequest::new(ID.into(), sid.clone());
    check(items_api::delete_item_template(module, template)?.code)?;
    println!("deletion: template {sid}");
    Ok(())
}

fn cause_error(module: &Configuration) -> Outcome {
    let area = SetCalibRequest {
        left: 640,
        top: 0,
        width: 1280,
        height: 720,
    };
    match check(calibration_api::set_calib(module, area)?.code) {
        Err(DeviceError(code)) if code == ErrorCode::PARAMETER_ERROR as i32 => {
            println!("error: {code} for an area beyond the picture");
            Ok(())
        }
        other => Err(format!("an area beyond the picture was accepted: {other:?}").into()),
    }
}
