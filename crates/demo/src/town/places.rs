//! The facilities of the city.

use super::Builder;
use nursery::ids::{ClassId, FacilityId, RoomId};
use nursery::place::FacilityType;
use records::{DeviceId, TimeOfDay};
use uuid::Uuid;

/// How many children, and how many staff, a facility has.
pub(crate) struct Place {
    /// Short name in this crate and in the tests.
    pub(crate) key: &'static str,
    pub(crate) name: &'static str,
    pub(crate) facility_type: FacilityType,
    pub(crate) phone: &'static str,
    /// Class, age on 1 April (none for mixed groups), children.
    pub(crate) classes: &'static [(&'static str, Option<u8>, u16)],
    /// Staff besides those in classes on the early and middle shift.
    pub(crate) extras: u16,
    /// On the late shift, from 10:00.
    pub(crate) late: u16,
    /// Off today.
    pub(crate) off: u16,
    pub(crate) sandbox: bool,
}

const NURSERY: Place = Place {
    key: "",
    name: "",
    facility_type: FacilityType::Nursery,
    phone: "",
    classes: &[],
    extras: 4,
    late: 2,
    off: 1,
    sandbox: false,
};

macro_rules! classes {
    ($a:literal, $b:literal, $c:literal, $d:literal, $e:literal, $f:literal) => {
        &[
            ("ひよこ組", Some(0), $a),
            ("りす組", Some(1), $b),
            ("うさぎ組", Some(2), $c),
            ("きりん組", Some(3), $d),
            ("くま組", Some(4), $e),
            ("ぞう組", Some(5), $f),
        ]
    };
}

/// Six public nurseries, the development centre, and a private こども園 on trial.
pub(crate) const ALL: &[Place] = &[
    Place {
        key: "minato",
        name: "みなと保育園",
        phone: "0191-00-0101",
        classes: classes!(12, 15, 20, 16, 16, 16),
        late: 4,
        off: 2,
        ..NURSERY
    },
    Place {
        key: "sakura",
        name: "さくら保育園",
        phone: "0191-00-0102",
        classes: classes!(12, 15, 18, 17, 17, 16),
        extras: 3,
        late: 4,
        off: 2,
        ..NURSERY
    },
    Place {
        key: "kawagishi",
        name: "川岸保育園",
        phone: "0191-00-0103",
        classes: classes!(9, 13, 16, 16, 16, 16),
        extras: 2,
        late: 3,
        off: 2,
        ..NURSERY
    },
    Place {
        key: "kitanosawa",
        name: "北ノ沢保育園",
        phone: "0191-00-0104",
        classes: classes!(9, 10, 12, 13, 13, 14),
        ..NURSERY
    },
    Place {
        key: "tsubame",
        name: "つばめ保育園",
        phone: "0191-00-0105",
        classes: classes!(6, 8, 9, 10, 9, 10),
        extras: 1,
        ..NURSERY
    },
    Place {
        key: "wanomori",
        name: "和の森保育園",
        phone: "0191-00-0106",
        classes: classes!(6, 7, 8, 9, 9, 10),
        extras: 1,
        late: 1,
        ..NURSERY
    },
    Place {
        key: "hidamari",
        name: "ひだまり療育センター",
        facility_type: FacilityType::DevelopmentCenter,
        phone: "0191-00-0107",
        classes: &[("グループA", None, 12), ("グループB", None, 12), ("グループC", None, 7), ("グループD", None, 6)],
        extras: 1,
        late: 1,
        ..NURSERY
    },
    Place {
        key: "izumi",
        name: "私立いずみこども園",
        facility_type: FacilityType::KodomoEn,
        phone: "0191-00-0108",
        classes: classes!(3, 4, 5, 6, 6, 6),
        extras: 1,
        sandbox: true,
        ..NURSERY
    },
];

/// A nursery for measuring.
pub(crate) const PLAIN: Place = Place {
    key: "plain",
    name: "はかり保育園",
    phone: "0191-00-0109",
    classes: classes!(16, 16, 16, 16, 16, 20),
    ..NURSERY
};

/// A class with its room and its tablet.
#[derive(Clone, Debug)]
pub(crate) struct Class {
    pub(crate) id: ClassId,
    pub(crate) room: RoomId,
    pub(crate) tablet: DeviceId,
    pub(crate) name: &'static str,
    pub(crate) age: Option<u8>,
}

/// A facility.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub(crate) key: &'static str,
    pub(crate) id: FacilityId,
    pub(crate) name: &'static str,
    pub(crate) facility_type: FacilityType,
    pub(crate) phone: &'static str,
    pub(crate) opens: TimeOfDay,
    pub(crate) closes: TimeOfDay,
    pub(crate) sandbox: bool,
    pub(crate) classes: Vec<Class>,
    pub(crate) hall: RoomId,
    pub(crate) hall_tablet: DeviceId,
    pub(crate) office: RoomId,
    pub(crate) kiosk: DeviceId,
}

impl Site {
    /// The class of this name.
    pub(crate) fn class(&self, name: &str) -> Option<&Class> {
        self.classes.iter().find(|class| class.name == name)
    }
    pub(crate) fn class_of(&self, id: ClassId) -> Option<&Class> {
        self.classes.iter().find(|class| class.id == id)
    }
    pub(crate) fn is_centre(&self) -> bool {
        self.facility_type == FacilityType::DevelopmentCenter
    }
}

impl Builder {
    /// Builds a facility with classes, rooms, devices and staff.
    pub(crate) fn site(&mut self, plan: &Place) {
        let centre = plan.facility_type == FacilityType::DevelopmentCenter;
        let classes = plan
            .classes
            .iter()
            .map(|&(name, age, _)| Class {
                id: self.id().into(),
                room: self.id().into(),
                tablet: DeviceId(self.id()),
                name,
                age,
            })
            .collect();
        let site = Site {
            key: plan.key,
            id: self.id().into(),
            name: plan.name,
            facility_type: plan.facility_type,
            phone: plan.phone,
            opens: if centre { TimeOfDay::hm(8, 30) } else { TimeOfDay::hm(7, 0) },
            closes: if centre { TimeOfDay::hm(17, 30) } else { TimeOfDay::hm(19, 0) },
            sandbox: plan.sandbox,
            classes,
            hall: self.id().into(),
            hall_tablet: DeviceId(self.id()),
            office: self.id().into(),
            kiosk: DeviceId(self.id()),
        };
        self.staff(&site, plan);
        self.town.sites.push(site);
    }
}

/// A key of 64 hexadecimal letters whose other half nobody has: such a device can never sign.
pub(crate) fn nobodys_key(device: DeviceId) -> String {
    let half = |label: &str| Uuid::new_v5(&device.0, label.as_bytes()).simple().to_string();
    format!("{}{}", half("first half"), half("second half"))
}
