//! Names to tell a world with: none of them is anybody's.

/// A toy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Toy {
    pub(crate) key: &'static str,
    pub(crate) name: &'static str,
    pub(crate) name_zh: &'static str,
    pub(crate) age_grade: &'static str,
    /// What its first letters on the product are.
    pub(crate) mark: &'static str,
    pub(crate) resin: &'static str,
}

/// Toys that a world may be about.
pub(crate) const TOYS: &[Toy] = &[
    Toy {
        key: "TRUCK-RED",
        name: "Tipper truck, red",
        name_zh: "红色翻斗车",
        age_grade: "3+",
        mark: "TR",
        resin: "ABS red",
    },
    Toy {
        key: "BOAT-BLUE",
        name: "Bath boat, blue",
        name_zh: "蓝色洗澡船",
        age_grade: "12 months+",
        mark: "BB",
        resin: "PP blue",
    },
    Toy {
        key: "ROBOT-WALK",
        name: "Walking robot",
        name_zh: "行走机器人",
        age_grade: "6+",
        mark: "RW",
        resin: "ABS white",
    },
];

/// Where something is made, kept, sold, or comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Site {
    pub(crate) key: &'static str,
    pub(crate) name: &'static str,
    pub(crate) role: &'static str,
    pub(crate) city: &'static str,
    pub(crate) country: &'static str,
}

const fn site(
    key: &'static str,
    name: &'static str,
    role: &'static str,
    city: &'static str,
    country: &'static str,
) -> Site {
    Site { key, name, role, city, country }
}

/// The factory of every world.
pub(crate) const SUNRISE: Site = site("F-DG", "Sunrise Plastics 旭日塑胶", "factory", "Dongguan", "CN");
/// Another factory.
pub(crate) const RED_RIVER: Site = site("F-HP", "Red River Toys", "factory", "Hai Phong", "VN");
/// Where goods arrive.
pub(crate) const HUBS: &[Site] = &[
    site("H-LB", "Long Beach Hub", "warehouse", "Long Beach", "US"),
    site("H-SV", "Savannah Hub", "warehouse", "Savannah", "US"),
    site("H-TI", "Tilburg Hub", "warehouse", "Tilburg", "NL"),
];
/// Who supplies resin.
pub(crate) const RESIN: &[Site] = &[
    site("S-PL", "Plastika Ltd", "supplier", "Huizhou", "CN"),
    site("S-NP", "Northern Polymers Co", "supplier", "Tianjin", "CN"),
];
/// Who supplies paint.
pub(crate) const PAINT: Site = site("S-CW", "Colour Works 彩工", "supplier", "Foshan", "CN");
/// Who supplies boxes.
pub(crate) const BOXES: Site = site("S-BB", "Box & Board", "supplier", "Shenzhen", "CN");
/// Who supplies motors.
pub(crate) const MOTORS: Site = site("S-DR", "Drive Parts Ltd", "supplier", "Ningbo", "CN");

/// Who buys, by name.
pub(crate) const BUYERS: &[&str] = &["Anna Berg", "Tom Reyes"];
/// Who works in the factory's office.
pub(crate) const FACTORY: &[&str] = &["Li Qiang 李强", "Chen Mei 陈梅"];
/// Who works in the warehouse.
pub(crate) const WAREHOUSE: &[&str] = &["Wang Fang 王芳", "Zhao Lei 赵磊"];
/// Who inspects.
pub(crate) const INSPECTORS: &[&str] = &["Q. Huang", "S. Iyer"];
