//! The words for what can be wrong with a code: the reason, then the mend.

use super::CodeErrorKind;
use crate::code::rule::{CharacterSet, Rule};
use crate::text::{Said, Text, text};

impl CodeErrorKind {
    /// Reason and mend, without the place.
    pub(super) fn said(&self) -> Said {
        match self {
            CodeErrorKind::WrongLength { needed, given } => text(
                "{given} digits where {needed} are needed. Count them on the label.",
                "有 {given} 位数字，应为 {needed} 位。请对照标签核对。",
            )
            .with(&[("needed", needed), ("given", &given.to_string())]),
            CodeErrorKind::TooLarge { most } => text(
                "the code is longer than {most} bytes, more than a symbol holds. Scan one symbol at a time.",
                "代码超过 {most} 字节，单个条码装不下。请逐个扫描。",
            )
            .with(&[("most", &most.to_string())]),
            CodeErrorKind::UnknownAi { found } => text(
                "{found} is no application identifier. The value before it may be too long, or a separator is missing; scan the symbol instead of typing it.",
                "{found} 不是应用标识符。前一个值可能过长，或缺少分隔符；请改为扫描条码。",
            )
            .with(&[("found", found)]),
            CodeErrorKind::TooShort { least, given } => text(
                "the value ends after {given} of {least} characters. Scan again or complete it.",
                "值在 {least} 个字符中的第 {given} 个之后结束。请重新扫描或补全。",
            )
            .with(&[("least", &least.to_string()), ("given", &given.to_string())]),
            CodeErrorKind::TooLong { most } => text(
                "the value goes on after {most} characters, the most it may have. A separator may be missing; scan again.",
                "值超过最多 {most} 个字符。可能缺少分隔符，请重新扫描。",
            )
            .with(&[("most", &most.to_string())]),
            CodeErrorKind::Character { set, found } => character(*set, found),
            CodeErrorKind::CheckDigit { expected } => text(
                "the check digit does not fit; for the digits before it it would be {expected}. Compare them with the label.",
                "校验位不符；按前面的数字应为 {expected}。请对照标签核对各位数字。",
            )
            .with(&[("expected", &expected.to_string())]),
            CodeErrorKind::CheckPair { expected } => text(
                "the check characters do not fit; for what stands before them they would be {expected}. Compare it with the label.",
                "校验字符不符；按前面的内容应为 {expected}。请对照标签核对。",
            )
            .with(&[("expected", expected)]),
            CodeErrorKind::Content { rule } => rule.text().said(),
            CodeErrorKind::Empty => text("There is no code to read. Scan or type one.", "没有可读取的代码，请扫描或输入。").said(),
            CodeErrorKind::NotText => text(
                "these bytes are not UTF-8 text. Scan again, or type what is printed under the symbol.",
                "此处字节不是 UTF-8 文本。请重新扫描，或输入条码下方的文字。",
            ).said(),
            CodeErrorKind::ControlCharacter => text(
                "a control character stands inside the text. Scan again, or type what is printed under the symbol.",
                "文本中含有控制字符。请重新扫描，或输入条码下方的文字。",
            ).said(),
            CodeErrorKind::NotASymbologyIdentifier => text(
                "a symbology identifier is needed, such as ]C1. Switch it on in the scanner.",
                "需要条码制标识符，例如 ]C1。请在扫描枪中启用。",
            ).said(),
            CodeErrorKind::SeparatorMissing => text(
                "an element string begins with FNC1. Put the group separator in front.",
                "单元数据串以 FNC1 开头。请在前面加上组分隔符。",
            ).said(),
            CodeErrorKind::AiExpected => text(
                "an application identifier of two to four digits is needed. A separator may be missing before it; scan again.",
                "此处应为 2 至 4 位数字的应用标识符。前面可能缺少分隔符，请重新扫描。",
            ).said(),
            CodeErrorKind::BracketExpected => text(
                "a bracket is needed before the application identifier. Write it as in (01)…(10)….",
                "应用标识符前需要括号。请按 (01)…(10)… 书写。",
            ).said(),
            CodeErrorKind::BracketedAi => text(
                "brackets hold an application identifier of two to four digits. Write \\( for a bracket that belongs to a value.",
                "括号内应为 2 至 4 位数字的应用标识符。若括号属于值本身，请写作 \\(。",
            ).said(),
            CodeErrorKind::EmptyValue => {
                text("the value is missing. Complete it or leave the identifier out.", "缺少值。请补全，或去掉该标识符。").said()
            }
            CodeErrorKind::Padding => {
                text("the padding does not fit. Copy the value whole.", "填充字符不符。请完整复制该值。").said()
            }
            CodeErrorKind::LinkScheme => text(
                "a Digital Link begins with https:// or http://, in small letters or in capitals throughout.",
                "数字链接以 https:// 或 http:// 开头，须全小写或全大写。",
            ).said(),
            CodeErrorKind::LinkHost => {
                text("the link's host is not one. Copy the link whole.", "链接的主机名无效。请完整复制链接。").said()
            }
            CodeErrorKind::LinkCharacter => text(
                "this character may not stand in a link. Write it percent-encoded.",
                "链接中不能出现该字符。请使用百分号编码。",
            ).said(),
            CodeErrorKind::LinkWithoutKey => text(
                "the link's path holds no GS1 key, such as /01/ and a GTIN of 14 digits. Scan the product's own symbol.",
                "链接路径中没有 GS1 标识，例如 /01/ 加 14 位 GTIN。请扫描商品自身的条码。",
            ).said(),
            CodeErrorKind::LinkOrder => text(
                "this does not follow the key in a link's path, or not in this order: /01/…/22/…/10/…/21/…. Have the link made again.",
                "链接路径中该项不能跟在标识之后或顺序有误，应为 /01/…/22/…/10/…/21/…。请重新生成链接。",
            ).said(),
            CodeErrorKind::LinkQualifierInQuery => text(
                "this belongs into the path, behind its key, not behind the question mark. Have the link made again.",
                "该项应位于路径中标识之后，而不是问号之后。请重新生成链接。",
            ).said(),
            CodeErrorKind::LinkAttribute => text(
                "this identifier may not stand behind the question mark of a link. Leave it out.",
                "该标识符不能出现在链接的问号之后。请去掉。",
            ).said(),
            CodeErrorKind::LinkDuplicate => text(
                "this identifier stands in the link twice. Have the link made again.",
                "该标识符在链接中重复出现。请重新生成链接。",
            ).said(),
            CodeErrorKind::LinkNul => {
                text("the value holds a NUL character. Have the link made again.", "值中含有 NUL 字符。请重新生成链接。").said()
            }
            CodeErrorKind::LinkCompressed => text(
                "this link is compressed, which cannot be read here. Type the identifiers printed beside it.",
                "该链接经过压缩，此处无法读取。请输入旁边印刷的标识。",
            ).said(),
        }
    }
}

fn character(set: CharacterSet, found: &str) -> Said {
    const DIGITS: Text = text(
        "“{found}” where a digit is needed. Compare it with the label.",
        "“{found}” 处应为数字。请对照标签核对。",
    );
    const SET_82: Text = text(
        "“{found}” may not stand in a GS1 value: no spaces, accents or Chinese characters. Compare it with the label.",
        "GS1 值中不能出现“{found}”：不允许空格、重音字母或汉字。请对照标签核对。",
    );
    const SET_39: Text = text(
        "“{found}” may not stand here: capital letters, digits, # - and / only. Compare it with the label.",
        "此处不能出现“{found}”：仅允许大写字母、数字、#、- 和 /。请对照标签核对。",
    );
    const SET_64: Text = text(
        "“{found}” may not stand here: letters, digits, - and _ only. Copy the value whole.",
        "此处不能出现“{found}”：仅允许字母、数字、- 和 _。请完整复制该值。",
    );
    let pattern = match set {
        CharacterSet::Digits => DIGITS,
        CharacterSet::Set82 => SET_82,
        CharacterSet::Set39 => SET_39,
        CharacterSet::Set64 => SET_64,
    };
    pattern.with(&[("found", found)])
}

impl Rule {
    /// What the rule asks for.
    fn text(self) -> Text {
        match self {
            Rule::CheckDigit | Rule::CheckPair => text(
                "the check character does not fit. Compare it with the label.",
                "校验字符不符。请对照标签核对。",
            ),
            Rule::CompanyPrefix | Rule::CompanyPrefixSecond => text(
                "a GS1 company prefix of at least four digits is needed. Compare it with the label.",
                "此处应为至少 4 位数字的 GS1 厂商识别代码。请对照标签核对。",
            ),
            Rule::Date => text(
                "there is no such date; it is written YYMMDD.",
                "没有这个日期；格式为 YYMMDD（年月日）。",
            ),
            Rule::DateOrMonth => text(
                "there is no such date; it is written YYMMDD, with day 00 when the day is not given.",
                "没有这个日期；格式为 YYMMDD（年月日），未标明日时写 00。",
            ),
            Rule::LongDate => text(
                "there is no such date; it is written YYYYMMDD.",
                "没有这个日期；格式为 YYYYMMDD（年月日）。",
            ),
            Rule::LongDateOrMonth => text(
                "there is no such date; it is written YYYYMMDD, with day 00 when the day is not given.",
                "没有这个日期；格式为 YYYYMMDD（年月日），未标明日时写 00。",
            ),
            Rule::Hour => text("hours are two digits from 00 to 23.", "小时为 00 至 23 的两位数字。"),
            Rule::Minute => text("minutes are two digits from 00 to 59.", "分钟为 00 至 59 的两位数字。"),
            Rule::Second => text("seconds are two digits from 00 to 59.", "秒为 00 至 59 的两位数字。"),
            Rule::Time => {
                text("there is no such time; it is written HHMM.", "没有这个时间；格式为 HHMM（时分）。")
            }
            Rule::Country => {
                text("no country has this number (ISO 3166-1).", "没有此编号的国家或地区（ISO 3166-1）。")
            }
            Rule::CountryOr999 => text(
                "no country has this number (ISO 3166-1); 999 stands for several.",
                "没有此编号的国家或地区（ISO 3166-1）；999 表示多个。",
            ),
            Rule::CountryLetters => text(
                "no country has these two letters (ISO 3166-1).",
                "没有此两位字母的国家或地区（ISO 3166-1）。",
            ),
            Rule::Currency => {
                text("no currency has this number (ISO 4217).", "没有此编号的货币（ISO 4217）。")
            }
            Rule::Sex => text(
                "only 0, 1, 2 and 9 are known here (ISO/IEC 5218).",
                "此处只能为 0、1、2 或 9（ISO/IEC 5218）。",
            ),
            Rule::PercentEncoded => text(
                "a percent sign is followed by two hexadecimal digits.",
                "百分号后须为两位十六进制数字。",
            ),
            Rule::Latitude => {
                text("a latitude is ten digits up to 1800000000.", "纬度为不超过 1800000000 的 10 位数字。")
            }
            Rule::Longitude => {
                text("a longitude is ten digits up to 3600000000.", "经度为不超过 3600000000 的 10 位数字。")
            }
            Rule::MediaType => {
                text("a media type is 01 to 10 or 80 to 99.", "介质类型为 01 至 10 或 80 至 99。")
            }
            Rule::NonZero => text("this number may not be zero.", "该数字不能为零。"),
            Rule::YesNo => text("only 0 (no) and 1 (yes) are known here.", "此处只能为 0（否）或 1（是）。"),
            Rule::Winding => text("a winding direction is 0, 1 or 9.", "卷绕方向只能为 0、1 或 9。"),
            Rule::Zero => text("a zero is needed here.", "此处应为 0。"),
            Rule::HasNonDigit => {
                text("at least one character that is no digit is needed.", "至少需要一个非数字字符。")
            }
            Rule::ImporterIndex => text(
                "an importer index is one letter, digit, - or _.",
                "进口商索引为一个字母、数字、- 或 _。",
            ),
            Rule::PositionInSequence => text(
                "position and total are written with a slash, such as 2/3.",
                "位次与总数用斜杠书写，例如 2/3。",
            ),
            Rule::PieceOfTotal => text(
                "piece number and total have the same number of digits, and the piece is not above the total, such as 0203.",
                "件号与总件数位数相同，且件号不大于总件数，例如 0203。",
            ),
            Rule::NoZeroPrefix => text("this number has no zeros in front.", "该数字前面不能有零。"),
            Rule::Hyphens => text("only a hyphen may stand here.", "此处只能为连字符。"),
            Rule::PackageType => text(
                "no package type has this code (UNECE Recommendation 21).",
                "没有此代码的包装类型（UNECE 第 21 号建议书）。",
            ),
            Rule::Iban => {
                text("this is no IBAN. Compare it with the document.", "这不是有效的 IBAN。请对照单据核对。")
            }
        }
    }
}
