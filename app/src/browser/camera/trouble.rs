//! Why there is no picture, told with the way on.

use crate::browser::worker::Fault;
use domain::text::{Said, Text, text};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::DomException;

/// Why there is no picture, or nobody who looks at it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Trouble {
    /// The page did not come over HTTPS, and browsers then have no camera.
    Insecure,
    /// There is no camera.
    Absent,
    /// The person or the device's settings said no.
    Refused,
    /// They said no while it was running.
    Revoked,
    /// Another program has it.
    InUse,
    /// It ended by itself: unplugged, or taken away by the device.
    Ended,
    /// It runs and shows no frames.
    Frozen,
    /// The scanner cannot look at pictures.
    Scanner(Fault),
    /// Anything else, in the browser's words.
    Other(String),
}

const INSECURE: Text = text(
    "The camera needs a secure page (https). Open this server's https address, or take a photo or type the code.",
    "摄像头需要安全页面（https）。请打开本服务器的 https 网址，或选择照片、手动输入。",
);
const ABSENT: Text = text(
    "This device has no camera. Choose a photo or type the code.",
    "此设备没有摄像头。请选择照片或手动输入。",
);
const REFUSED: Text = text(
    "The camera is not allowed here. Allow it in the browser's settings: {path} Or choose a photo or type the code.",
    "未获准使用摄像头。请在浏览器设置中为本页面开启权限：{path} 或选择照片、手动输入。",
);
const REVOKED: Text = text(
    "The camera was switched off in the browser's settings while it was running. To allow it again: {path} Or choose a photo or type the code.",
    "摄像头在使用中被浏览器设置关闭。重新开启权限：{path} 或选择照片、手动输入。",
);
const IN_USE: Text = text(
    "Another program is using the camera. Close it and start again, or choose a photo or type the code.",
    "摄像头正被其他程序占用。请关闭后重试，或选择照片、手动输入。",
);
const ENDED: Text = text(
    "The camera went away: unplugged, or taken by a call. Plug it in or end the call and start again, or choose a photo or type the code.",
    "摄像头已断开：可能被拔出或被通话占用。请重新连接或结束通话后再启动，或选择照片、手动输入。",
);
const FROZEN: Text = text(
    "The camera shows no picture any more. Start it again, or choose a photo or type the code.",
    "摄像头不再有画面。请重新启动，或选择照片、手动输入。",
);
const OTHER: Text = text(
    "The camera did not start ({why}). Start it again, or choose a photo or type the code.",
    "摄像头未能启动（{why}）。请重试，或选择照片、手动输入。",
);
const NOT_LOADED: Text = text(
    "The scanner did not load, so pictures cannot be read. Type the code or use a hand scanner, or start again where there is a signal.",
    "扫描模块未能加载，无法读取图像。请手动输入或使用扫码枪，或在有信号处重新启动。",
);
const NO_WASM: Text = text(
    "This browser is not allowed to run the scanner (WebAssembly is off: lockdown mode or a company's policy). Type the code or use a hand scanner, or open this page in another browser.",
    "此浏览器不允许运行扫描模块（WebAssembly 已停用：锁定模式或公司策略）。请手动输入或使用扫码枪，或换用其他浏览器打开本页。",
);
const BROKEN: Text = text(
    "The scanner stopped twice; this device may be short of memory. Close other pages and start again, or type the code or use a hand scanner.",
    "扫描模块两次停止，设备内存可能不足。请关闭其他页面后重新启动，或手动输入、使用扫码枪。",
);

impl Trouble {
    /// The sentence to show.
    pub fn said(&self) -> Said {
        let with_path = |words: Text| {
            let path = Settings::here().path().said();
            Said { en: words.with(&[("path", &path.en)]).en, zh: words.with(&[("path", &path.zh)]).zh }
        };
        match self {
            Trouble::Insecure => INSECURE.said(),
            Trouble::Absent => ABSENT.said(),
            Trouble::Refused => with_path(REFUSED),
            Trouble::Revoked => with_path(REVOKED),
            Trouble::InUse => IN_USE.said(),
            Trouble::Ended => ENDED.said(),
            Trouble::Frozen => FROZEN.said(),
            Trouble::Scanner(Fault::Refused) => NO_WASM.said(),
            Trouble::Scanner(Fault::NotLoaded) => NOT_LOADED.said(),
            Trouble::Scanner(Fault::Restarted | Fault::Broken | Fault::Picture) => BROKEN.said(),
            Trouble::Other(why) => OTHER.with(&[("why", why)]),
        }
    }

    /// By the names of the Media Capture specification.
    pub(super) fn of(error: &JsValue) -> Trouble {
        let Some(error) = error.dyn_ref::<DomException>() else {
            // An older Chromium has an error of a class of its own, with the same names.
            let name = js_sys::Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string());
            return match name.as_deref() {
                Some("OverconstrainedError") => Trouble::Absent,
                _ => Trouble::Other(format!("{error:?}")),
            };
        };
        match error.name().as_str() {
            "NotFoundError" | "OverconstrainedError" => Trouble::Absent,
            "NotAllowedError" | "SecurityError" => Trouble::Refused,
            "NotReadableError" | "AbortError" => Trouble::InUse,
            name => Trouble::Other(name.to_owned()),
        }
    }

    /// Whether a smaller picture may be what helps.
    pub(super) fn may_be_the_size(&self) -> bool {
        matches!(self, Trouble::Absent | Trouble::InUse)
    }
}

/// Where a browser keeps the permission.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Settings {
    ChromeAndroid,
    Samsung,
    FirefoxAndroid,
    SafariIos,
    OtherIos,
    FirefoxDesktop,
    SafariMac,
    Desktop,
}

impl Settings {
    /// Those of the browser that shows this page.
    fn here() -> Settings {
        let Some(window) = web_sys::window() else { return Settings::Desktop };
        let navigator = window.navigator();
        Settings::of(&navigator.user_agent().unwrap_or_default(), navigator.max_touch_points() > 1)
    }

    /// By the words in its user agent; an iPad says that it is a Mac, and no Mac can be touched.
    fn of(agent: &str, is_touched: bool) -> Settings {
        let has = |word: &str| agent.contains(word);
        let ios = has("iPhone") || has("iPad") || has("Macintosh") && is_touched;
        match () {
            _ if ios && (has("CriOS") || has("FxiOS") || has("EdgiOS")) => Settings::OtherIos,
            _ if ios => Settings::SafariIos,
            _ if has("SamsungBrowser") => Settings::Samsung,
            _ if has("Android") && has("Firefox") => Settings::FirefoxAndroid,
            _ if has("Android") => Settings::ChromeAndroid,
            _ if has("Firefox") => Settings::FirefoxDesktop,
            _ if has("Safari") && !has("Chrome") => Settings::SafariMac,
            _ => Settings::Desktop,
        }
    }

    const fn path(self) -> Text {
        match self {
            Settings::ChromeAndroid => text(
                "touch the icon left of the address › Permissions › Camera › Allow. If it is not there: Android Settings › Apps › Chrome › Permissions › Camera.",
                "点按网址左侧图标 › 权限 › 摄像头 › 允许。若没有此项：Android 设置 › 应用 › Chrome › 权限 › 相机。",
            ),
            Settings::Samsung => text(
                "menu ☰ › Settings › Sites and downloads › Site permissions › Camera. If it is not there: Android Settings › Apps › Samsung Internet › Permissions › Camera.",
                "菜单 ☰ › 设置 › 网站和下载 › 网站权限 › 相机。若没有此项：Android 设置 › 应用 › 三星浏览器 › 权限 › 相机。",
            ),
            Settings::FirefoxAndroid => text(
                "touch the lock left of the address › Camera › Allowed. If it is not there: Android Settings › Apps › Firefox › Permissions › Camera.",
                "点按网址左侧的锁 › 相机 › 允许。若没有此项：Android 设置 › 应用 › Firefox › 权限 › 相机。",
            ),
            Settings::SafariIos => text(
                "touch the page icon beside the address › Website Settings › Camera › Allow. If it is not there: Settings › Apps › Safari › Camera › Allow.",
                "点按网址旁的页面图标 › 网站设置 › 相机 › 允许。若没有此项：设置 › App › Safari 浏览器 › 相机 › 允许。",
            ),
            Settings::OtherIos => text(
                "iOS Settings › Apps › the name of this browser › Camera.",
                "iOS 设置 › App › 此浏览器的名称 › 相机。",
            ),
            Settings::FirefoxDesktop => text(
                "click the crossed-out camera left of the address, take the block away (×) and load the page again.",
                "点击网址左侧带斜线的摄像头图标，移除阻止（×），然后重新加载页面。",
            ),
            Settings::SafariMac => text(
                "menu Safari › Settings › Websites › Camera › Allow for this address.",
                "菜单 Safari 浏览器 › 设置 › 网站 › 摄像头 › 对此网址选择允许。",
            ),
            Settings::Desktop => text(
                "click the icon left of the address › Site settings › Camera › Allow. If it stays off: the system's Settings › Privacy & security › Camera.",
                "点击网址左侧图标 › 网站设置 › 摄像头 › 允许。若仍不可用：系统设置 › 隐私和安全性 › 摄像头。",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_browser_is_told_its_own_path() {
        let android = |end: &str| format!("Mozilla/5.0 (Linux; Android 14; K) {end}");
        let apple = |device: &str, end: &str| format!("Mozilla/5.0 ({device}) AppleWebKit/605.1.15 {end}");
        let is =
            |agent: &str, touched, settings| assert_eq!(Settings::of(agent, touched), settings, "{agent}");
        is(&android("Chrome/140.0.0.0 Mobile Safari/537.36"), true, Settings::ChromeAndroid);
        is(&android("SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36"), true, Settings::Samsung);
        is(
            "Mozilla/5.0 (Android 14; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0",
            true,
            Settings::FirefoxAndroid,
        );
        is(
            &apple("iPhone; CPU iPhone OS 18_6 like Mac OS X", "Version/18.6 Mobile Safari/604.1"),
            true,
            Settings::SafariIos,
        );
        is(
            &apple("iPhone; CPU iPhone OS 18_6 like Mac OS X", "CriOS/140.0 Mobile Safari/604.1"),
            true,
            Settings::OtherIos,
        );
        let mac = apple("Macintosh; Intel Mac OS X 10_15_7", "Version/18.6 Safari/605.1.15");
        is(&mac, true, Settings::SafariIos);
        is(&mac, false, Settings::SafariMac);
        is(
            "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
            false,
            Settings::FirefoxDesktop,
        );
        is("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0.0.0 Safari/537.36", false, Settings::Desktop);
    }

    #[test]
    fn every_trouble_names_another_way() {
        for trouble in [
            Trouble::Insecure,
            Trouble::Absent,
            Trouble::InUse,
            Trouble::Ended,
            Trouble::Frozen,
            Trouble::Scanner(Fault::NotLoaded),
            Trouble::Scanner(Fault::Refused),
            Trouble::Scanner(Fault::Broken),
            Trouble::Other("why".into()),
        ] {
            let said = trouble.said();
            assert!(said.en.to_lowercase().contains("type the code"), "{}", said.en);
            assert!(said.zh.contains("手动输入"), "{}", said.zh);
        }
    }
}
