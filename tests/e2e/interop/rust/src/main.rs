//! All operations of a terminal, once: cargo run -- http://127.0.0.1:8172

mod responses;

use std::{error::Error, fs, path::Path, thread, time::Duration};

use responses::{DeviceError, check, read_bytes, read_data};
use vision_ai_client::{
    apis::{
        backup_api, calibration_api, camera_api, configuration::Configuration, device_api,
        items_api, recognition_api,
    },
    models::{
        CommitRegisteredItemRequest, ErrorCode, RegisterItemRequest, ResultFeedbackRequest,
        SetCalibRequest,
    },
};

type Outcome = Result<(), Box<dyn Error>>;

const ID: &str = "001";
const NAME: &str = "Apple";
const PICTURE: &str = "build/pan.jpg";
const BACKUP: &str = "build/backup.evo";

fn main() -> Outcome {
    let url = std::env::args().nth(1).ok_or("usage: cargo run -- URL")?;
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
    for step in [
        show_device,
        take_picture,
        calibrate,
        recognize,
        back_up,
        restore,
        cause_error,
    ] {
        step(&module)?;
    }
    Ok(())
}

fn show_device(module: &Configuration) -> Outcome {
    let response = device_api::get_device_info(module)?;
    let info = read_data(response.code, response.data)?;
    println!(
        "device: firmware {}, serial number {}",
        info.firmware, info.sn
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

fn calibrate(module: &Configuration) -> Outcome {
    let pan = SetCalibRequest {
        left: 444,
        top: 39,
        width: 348,
        height: 482,
    };
    check(calibration_api::set_calib(module, pan.clone())?.code)?;
    let response = calibration_api::get_calib(module)?;
    let area = read_data(response.code, response.data)?;
    if (area.left, area.top, area.width, area.height) != (pan.left, pan.top, pan.width, pan.height)
    {
        return Err(format!("set {pan:?}, read back {area:?}").into());
    }
    println!(
        "calibration: {} x {} pixels at {}, {}",
        area.width, area.height, area.left, area.top
    );
    Ok(())
}

fn recognize(module: &Configuration) -> Outcome {
    check(items_api::register_item(module, RegisterItemRequest::new(ID.into(), NAME.into()))?.code)?;
    check(
        items_api::commit_registered_item(module, CommitRegisteredItemRequest::new(ID.into()))?
            .code,
    )?;

    let response = recognition_api::get_result(module)?;
    let result = read_data(response.code, response.data)?;
    let guess = result.items.iter().find(|guess| guess.id == ID);
    let guess =
        guess.ok_or_else(|| format!("{NAME} is not among the guesses {:?}", result.items))?;

    let choice = ResultFeedbackRequest::new(result.sid.clone(), ID.into(), NAME.into(), true);
    check(recognition_api::result_feedback(module, choice)?.code)?;
    println!("recognition: {NAME}, {:.0} %", 100.0 * guess.score);
    Ok(())
}

fn back_up(module: &Configuration) -> Outcome {
    check(backup_api::start_backup(module)?.code)?;
    let filename = loop {
        let status = backup_api::get_backup_status(module)?;
        check(status.code)?;
        match Option::<i32>::from(status.status) {
            Some(3) => break status.filename.unwrap_or_default(),
            // Use the rule, not the list of numbers: newer firmware may have more of them (A12).
            Some(1..=2) => thread::sleep(Duration::from_secs(1)),
            over => return Err(format!("the backup ended with status {over:?}").into()),
        }
    };
    let content = read_bytes(backup_api::download_backup(module, &filename)?)?;
    fs::write(BACKUP, &content)?;
    println!("backup: {} bytes, {BACKUP}", content.len());
    Ok(())
}

fn restore(module: &Configuration) -> Outcome {
    check(backup_api::start_restore(module, Path::new(BACKUP).into())?.code)?;
    loop {
        let status = backup_api::get_restore_status(module)?;
        check(status.code)?;
        match Option::<i32>::from(status.status) {
            Some(4) => break,
            Some(1..=3) => thread::sleep(Duration::from_secs(1)),
            over => return Err(format!("the restore ended with status {over:?}").into()),
        }
    }
    println!("restore: the module restored the backup");
    Ok(())
}

fn cause_error(module: &Configuration) -> Outcome {
    let product = CommitRegisteredItemRequest::new("no such product".into());
    match check(items_api::commit_registered_item(module, product)?.code) {
        Err(DeviceError(code)) if code == ErrorCode::FILE_NOT_FOUND as i32 => {
            println!("error: {code} for a product that is not registered");
            Ok(())
        }
        other => {
            Err(format!("a product that is not registered was committed: {other:?}").into())
        }
    }
}
