//! MFA devices: made, enabled by two codes in a row, brought in step, deactivated, deleted (MFA-003).

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use twokeys::mfa::{
    self, Code, DeviceError, Enrolment, MOST_DEVICES, Outcome, Pair, Presenter, Provisioning, Seed,
};

use super::users::subject_or_self;
use super::{Answer, Call, Handled, Operation, Refusal, Subject, codes, holder, reads, shape, tags, writes};
use crate::gate::Permit;
use crate::seal::Purpose;
use crate::state::{Change, Device, DeviceKind, Kind, ROOT, Revocation, ThrottleRecord, User, folded};
use crate::wire::{ApiError, Xml, page};

pub(super) const OPERATIONS: &[Operation] = &[
    writes("CreateVirtualMFADevice", subject_of_new, create),
    writes("DeleteVirtualMFADevice", subject_of_device, delete),
    writes("EnableMFADevice", holder::subject::<holder::OfUser>, enable),
    writes("DeactivateMFADevice", subject_or_self, deactivate),
    writes("ResyncMFADevice", holder::subject::<holder::OfUser>, resync),
    reads("ListMFADevices", subject_or_self, list),
    reads("ListVirtualMFADevices", |call| Ok(Subject::of(call.state.arn("mfa/"))), list_virtual),
    reads("GetMFADevice", subject_or_self, get),
];

/// As many as users (MFA-005).
const MOST_OF_AN_ACCOUNT: usize = 5_000;
/// A serial number is no longer.
const LONGEST_SERIAL: usize = 256;

fn new_serial(call: &Call<'_>) -> Result<String, ApiError> {
    let (path, name) = (call.params.get("Path").unwrap_or("/"), call.required("VirtualMFADeviceName")?);
    Ok(call.state.arn(&format!("mfa{path}{name}")))
}

fn subject_of_new(call: &Call<'_>) -> Result<Subject, ApiError> {
    let mut subject = Subject::of(new_serial(call)?);
    subject.request_tags = call.tags();
    Ok(subject)
}

/// The device itself; a serial number that is no ARN is no resource, so it is asked about as none.
pub(super) fn subject_of_device(call: &Call<'_>) -> Result<Subject, ApiError> {
    let serial = call.required("SerialNumber")?;
    let device = call.state.device(serial);
    let resource = device.map_or(serial, |device| &device.serial);
    let subject = Subject::of(if resource.starts_with("arn:") { resource } else { "*" });
    Ok(match device {
        Some(device) => subject.tagged(&device.tags),
        None => subject,
    })
}

/// The device that the call names.
///
/// # Errors
///
/// `NoSuchEntity`, in AWS's words (MFA-037).
pub(super) fn device<'c>(call: &Call<'c>) -> Result<&'c Arc<Device>, ApiError> {
    let serial = call.required("SerialNumber")?;
    let unknown =
        || ApiError::no_such_entity(format!("VirtualMFADevice with serial number {serial} doesn't exist."));
    call.state.device(serial).ok_or_else(unknown)
}

/// The device that the call names, if it is enabled for this user (MFA-035).
fn device_of<'c>(call: &Call<'c>, owner: &str) -> Result<&'c Arc<Device>, ApiError> {
    let device = device(call)?;
    if device.life.is_of(owner) {
        Ok(device)
    } else {
        Err(ApiError::no_such_entity("MFA Device invalid for user."))
    }
}

fn create(call: &Call<'_>, _: Permit) -> Handled {
    let serial = new_serial(call)?;
    if serial.len() > LONGEST_SERIAL {
        let why = format!("The serial number {serial} would be longer than {LONGEST_SERIAL} characters");
        return Err(ApiError::validation(why).into());
    }
    if call.state.device(&serial).is_some() {
        let why = "MFADevice entity at the same path and name already exists.";
        return Err(ApiError::entity_already_exists(why).into());
    }
    if call.state.devices().filter(|device| device.kind == DeviceKind::Virtual).count() >= MOST_OF_AN_ACCOUNT
    {
        let why = format!("Cannot exceed quota for VirtualMFADevicesPerAccount: {MOST_OF_AN_ACCOUNT}");
        return Err(ApiError::limit_exceeded(why).into());
    }
    let tags = tags::checked(call.tags())?;
    let mut entropy = zeroize::Zeroizing::new([0; 40]);
    call.entropy.fill(&mut *entropy)?;
    let seed = Seed::new(*entropy);
    let text = seed.to_base32();
    let account = call.state.account();
    let id = account.id.to_string();
    let name = call.required("VirtualMFADeviceName")?;
    let picture =
        Provisioning::new(&call.settings.issuer, name, account.alias.as_deref().unwrap_or(&id), &seed)
            .and_then(|provisioning| provisioning.png())
            .map_err(|error| ApiError::invalid_input(error.to_string()))?;
    let device = Device {
        seed: call.seal(Purpose::Seed, &serial, text.as_bytes())?,
        serial,
        kind: DeviceKind::Virtual,
        created: call.now(),
        life: mfa::Device::default(),
        tags,
    };
    // Both, whichever the client shows: it takes what it asked for out of the answer (MFA-015).
    let xml = Xml::new()
        .text("SerialNumber", &device.serial)
        .text("Base32StringSeed", &STANDARD.encode(text.as_bytes()))
        .text("QRCodePNG", &STANDARD.encode(&*picture));
    let xml = Xml::new().inside("VirtualMFADevice", &shape::tagged(xml, &device.tags));
    Answer::made([device.into()], xml)
}

fn delete(call: &Call<'_>, _: Permit) -> Handled {
    let device = device(call)?;
    device.life.may_be_deleted().map_err(refused)?;
    if device.kind != DeviceKind::Virtual {
        return Err(ApiError::invalid_input("Only virtual devices can be deleted.").into());
    }
    Answer::done([Change::Remove(Kind::Device, device.serial.clone())])
}

/// The two codes; the model was asked for their form before.
fn pair(call: &Call<'_>) -> Result<[Code; 2], ApiError> {
    let code = |name: &str| call.required(name)?.parse::<Code>().map_err(|_| not_valid());
    Ok([code("AuthenticationCode1")?, code("AuthenticationCode2")?])
}

fn not_valid() -> ApiError {
    ApiError::invalid_authentication_code("Authentication code for device is not valid.")
}

/// The checks stand in the order of MFA-021: what is refused before the codes spends none.
fn enable(call: &Call<'_>, _: Permit) -> Handled {
    let user = call.user(call.required("UserName")?)?;
    let device = device(call)?;
    let devices = call.state.devices_of(&user.id).count();
    device.life.may_be_enabled(devices).map_err(refused)?;
    let [first, second] = pair(call)?;
    let (seed, _, failures) = codes::opened(call, device, &user.id)?;
    let pair = Pair { codes: [&first, &second], now: call.now(), presenter: Presenter::Themself };
    let enrolment = mfa::enable(&device.life, &user.id, devices, &seed, failures, pair).map_err(refused)?;
    presented(device, &user.id, enrolment)
}

fn resync(call: &Call<'_>, _: Permit) -> Handled {
    let user = call.user(call.required("UserName")?)?;
    let device = device_of(call, &user.id)?;
    let [first, second] = pair(call)?;
    let (seed, _, failures) = codes::opened(call, device, &user.id)?;
    let pair = Pair { codes: [&first, &second], now: call.now(), presenter: presenter(call, Some(user)) };
    let enrolment = mfa::resync(&device.life, &user.id, &seed, failures, pair).map_err(refused)?;
    presented(device, &user.id, enrolment)
}

/// Whoever acts on a device of someone else unlocks it; who could lift a lock from themself would have
/// none (RL-034).
fn presenter(call: &Call<'_>, user: Option<&Arc<User>>) -> Presenter {
    match user {
        Some(user) if !call.is_by(user) => Presenter::Administrator,
        _ => Presenter::Themself,
    }
}

/// What two codes come to: durable in any case, and a refusal if they were not right.
fn presented(device: &Device, user: &str, enrolment: Enrolment) -> Handled {
    let changes: [Change; 2] = [
        Device { life: enrolment.device, ..device.clone() }.into(),
        ThrottleRecord { owner: user.to_owned(), throttle: enrolment.user }.into(),
    ];
    match enrolment.outcome {
        Outcome::Accepted { .. } => Answer::done(changes),
        outcome => {
            let (error, why) = (not_valid(), Some(codes::why(outcome)));
            Err(Refusal { error, changes: changes.to_vec(), why })
        }
    }
}

/// What stands against an operation before any code is looked at, in AWS's words.
fn refused(error: DeviceError) -> ApiError {
    match error {
        DeviceError::AlreadyEnabled => ApiError::entity_already_exists("MFA Device is already in use."),
        DeviceError::TooMany => {
            ApiError::limit_exceeded(format!("Cannot exceed quota for MFADevicesPerUser: {MOST_DEVICES}"))
        }
        DeviceError::NotTheirs => ApiError::no_such_entity("MFA Device invalid for user."),
        DeviceError::InUse => ApiError::delete_conflict("MFA VirtualDevice in use. Must deactivate first."),
    }
}

fn deactivate(call: &Call<'_>, _: Permit) -> Handled {
    let user = call.user_or_self()?;
    let owner = user.map_or(ROOT, |user| user.id.as_str());
    let device = device_of(call, owner)?;
    let failures = call.state.throttle(owner).throttle;
    let (life, throttle) =
        device.life.deactivated(owner, failures, presenter(call, user)).map_err(refused)?;
    let mut changes: Vec<Change> = vec![
        Device { life, ..Device::clone(device) }.into(),
        ThrottleRecord { owner: owner.to_owned(), throttle }.into(),
    ];
    if call.settings.revoke_on_deactivate {
        changes.push(Revocation { principal: owner.to_owned(), until: call.now() }.into());
    }
    Answer::done(changes)
}

fn list(call: &Call<'_>, _: Permit) -> Handled {
    // Root gets an empty list (MFA-030).
    let user = call.user_or_self()?;
    let devices = user.into_iter().flat_map(|user| call.state.devices_of(&user.id));
    let page = page(call.params, devices.map(|device| (folded(&device.serial), device)))?;
    let name = user.map_or(ROOT, |user| user.name.as_str());
    let devices = page.items.iter().map(|device| {
        Xml::new()
            .text("UserName", name)
            .text("SerialNumber", &device.serial)
            .time("EnableDate", device.enabled().unwrap_or(device.created))
    });
    Answer::read(page.finish(Xml::new().list("MFADevices", devices)))
}

fn list_virtual(call: &Call<'_>, _: Permit) -> Handled {
    let wanted = |device: &&Arc<Device>| {
        device.kind == DeviceKind::Virtual
            && match call.params.get("AssignmentStatus") {
                Some("Assigned") => device.owner().is_some(),
                Some("Unassigned") => device.owner().is_none(),
                _ => true,
            }
    };
    let devices = call.state.devices().filter(wanted);
    let page = page(call.params, devices.map(|device| (folded(&device.serial), device)))?;
    let devices = page.items.iter().map(|device| {
        let xml = Xml::new().text("SerialNumber", &device.serial);
        let xml = match device.owner() {
            Some(ROOT) => xml.inside("User", &shape::root(Xml::new(), call.state)),
            Some(owner) => match call.state.user_by_id(owner) {
                Some(user) => xml.inside("User", &shape::user(user, call.state)),
                None => xml,
            },
            None => xml,
        };
        match device.enabled() {
            Some(time) => xml.time("EnableDate", time),
            None => xml,
        }
    });
    Answer::read(page.finish(Xml::new().list("VirtualMFADevices", devices)))
}

fn get(call: &Call<'_>, _: Permit) -> Handled {
    let user: Option<&Arc<User>> = call.user_or_self()?;
    let device = device_of(call, user.map_or(ROOT, |user| user.id.as_str()))?;
    let xml = Xml::new().optional("UserName", user.map(|user| user.name.as_str()));
    let xml = xml.text("SerialNumber", &device.serial);
    Answer::read(match device.enabled() {
        Some(time) => xml.time("EnableDate", time),
        None => xml,
    })
}
