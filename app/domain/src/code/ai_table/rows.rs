//! The rows, and the few words they are written in.

use super::{Part, Row};
use crate::code::rule::CharacterSet;
use crate::code::rule::Rule::{self, *};

#[rustfmt::skip]
pub(super) static ROWS: &[Row] = &[
    row("00", "SSCC", &[n(18).is(&[CheckDigit, CompanyPrefixSecond])]).predefined().attribute().key(&[]),
    row("01", "GTIN", &[KEY_14]).predefined().attribute().ex("255,37")
        .key(&["22,10,21", "235"]),
    row("02", "CONTENT", &[KEY_14]).predefined().attribute()
        .req(&["37"]).ex("01,03"),
    row("03", "MTO GTIN", &[KEY_14]).predefined().ex("01,02,37"),
    row("10", "BATCH/LOT", &[x_to(20)]).attribute().req(&["01,02,03,8006,8026"]),
    row("11", "PROD DATE", &[n(6).is(&[DateOrMonth])]).predefined().attribute().req(&["01,02,03,8006,8026"]),
    row("12", "DUE DATE", &[n(6).is(&[DateOrMonth])]).predefined().attribute().req(&["8020"]),
    row("13", "PACK DATE", &[n(6).is(&[DateOrMonth])]).predefined().attribute().req(&["01,02,03,8006,8026"]),
    row("15", "BEST BEFORE or BEST BY", &[n(6).is(&[DateOrMonth])]).predefined().attribute()
        .req(&["01,02,03,8006,8026"]),
    row("16", "SELL BY", &[n(6).is(&[DateOrMonth])]).predefined().attribute().req(&["01,02,03,8006,8026"]),
    row("17", "USE BY or EXPIRY", &[n(6).is(&[DateOrMonth])]).predefined().attribute()
        .req(&["01,02,03,255,8006,8026"]),
    row("20", "VARIANT", &[n(2)]).predefined().attribute().req(&["01,02,8006,8026"]),
    row("21", "SERIAL", &[x_to(20)]).req(&["01,03,8006"]).ex("235"),
    row("22", "CPV", &[x_to(20)]).req(&["01"]),
    row("235", "TPX", &[x_to(28)]).req(&["01"]),
    row("240", "ADDITIONAL ID", &[x_to(30)]).attribute().req(&["01,02,8006,8026"]),
    row("241", "CUST. PART No.", &[x_to(30)]).attribute().req(&["01,02,8006,8026"]),
    row("242", "MTO VARIANT", &[n_to(6)]).attribute().req(&["01,02,8006,8026"]),
    row("243", "PCN", &[x_to(20)]).attribute().req(&["01"]),
    row("250", "SECONDARY SERIAL", &[x_to(30)]).attribute().req(&["01,8006", "21"]),
    row("251", "REF. TO SOURCE", &[x_to(30)]).attribute().req(&["01,8006"]),
    row("253", "GDTI", &[KEY_13, x_to(17).opt()]).attribute().key(&[]),
    row("254", "GLN EXTENSION COMPONENT", &[x_to(20)]).req(&["414"]),
    row("255", "GCN", &[KEY_13, n_to(12).opt()]).attribute()
        .ex("01,02,415,8006,8020,8026").key(&[]),
    row("30", "VAR. COUNT", &[n_to(8)]).attribute().req(&["01,02"]),
    measure("3100", "NET WEIGHT (kg)", "310n", &["01,02"]),
    measure("3110", "LENGTH (m)", "311n", &["01,02"]),
    measure("3120", "WIDTH (m)", "312n", &["01,02"]),
    measure("3130", "HEIGHT (m)", "313n", &["01,02"]),
    measure("3140", "AREA (m²)", "314n", &["01,02"]),
    measure("3150", "NET VOLUME (l)", "315n", &["01,02"]),
    measure("3160", "NET VOLUME (m³)", "316n", &["01,02"]),
    measure("3200", "NET WEIGHT (lb)", "320n", &["01,02"]),
    measure("3210", "LENGTH (in)", "321n", &["01,02"]),
    measure("3220", "LENGTH (ft)", "322n", &["01,02"]),
    measure("3230", "LENGTH (yd)", "323n", &["01,02"]),
    measure("3240", "WIDTH (in)", "324n", &["01,02"]),
    measure("3250", "WIDTH (ft)", "325n", &["01,02"]),
    measure("3260", "WIDTH (yd)", "326n", &["01,02"]),
    measure("3270", "HEIGHT (in)", "327n", &["01,02"]),
    measure("3280", "HEIGHT (ft)", "328n", &["01,02"]),
    measure("3290", "HEIGHT (yd)", "329n", &["01,02"]),
    measure("3300", "GROSS WEIGHT (kg)", "330n", &["00,01"]),
    measure("3310", "LENGTH (m), log", "331n", &["00,01"]),
    measure("3320", "WIDTH (m), log", "332n", &["00,01"]),
    measure("3330", "HEIGHT (m), log", "333n", &["00,01"]),
    measure("3340", "AREA (m²), log", "334n", &["00,01"]),
    measure("3350", "VOLUME (l), log", "335n", &["00,01"]),
    measure("3360", "VOLUME (m³), log", "336n", &["00,01"]),
    measure("3370", "KG PER m²", "337n", &["01"]),
    measure("3400", "GROSS WEIGHT (lb)", "340n", &["00,01"]),
    measure("3410", "LENGTH (in), log", "341n", &["00,01"]),
    measure("3420", "LENGTH (ft), log", "342n", &["00,01"]),
    measure("3430", "LENGTH (yd), log", "343n", &["00,01"]),
    measure("3440", "WIDTH (in), log", "344n", &["00,01"]),
    measure("3450", "WIDTH (ft), log", "345n", &["00,01"]),
    measure("3460", "WIDTH (yd), log", "346n", &["00,01"]),
    measure("3470", "HEIGHT (in), log", "347n", &["00,01"]),
    measure("3480", "HEIGHT (ft), log", "348n", &["00,01"]),
    measure("3490", "HEIGHT (yd), log", "349n", &["00,01"]),
    measure("3500", "AREA (in²)", "350n", &["01,02"]),
    measure("3510", "AREA (ft²)", "351n", &["01,02"]),
    measure("3520", "AREA (yd²)", "352n", &["01,02"]),
    measure("3530", "AREA (in²), log", "353n", &["00,01"]),
    measure("3540", "AREA (ft²), log", "354n", &["00,01"]),
    measure("3550", "AREA (yd²), log", "355n", &["00,01"]),
    measure("3560", "NET WEIGHT (tr oz)", "356n", &["01,02"]),
    measure("3570", "NET VOLUME (oz)", "357n", &["01,02"]),
    measure("3600", "NET VOLUME (qt (US))", "360n", &["01,02"]),
    measure("3610", "NET VOLUME (gal.)", "361n", &["01,02"]),
    measure("3620", "VOLUME (qt (US)), log", "362n", &["00,01"]),
    measure("3630", "VOLUME (gal (US)), log", "363n", &["00,01"]),
    measure("3640", "NET VOLUME (in³)", "364n", &["01,02"]),
    measure("3650", "NET VOLUME (ft³)", "365n", &["01,02"]),
    measure("3660", "NET VOLUME (yd³)", "366n", &["01,02"]),
    measure("3670", "VOLUME (in³), log", "367n", &["00,01"]),
    measure("3680", "VOLUME (ft³), log", "368n", &["00,01"]),
    measure("3690", "VOLUME (yd³), log", "369n", &["00,01"]),
    row("37", "COUNT", &[n_to(8)]).attribute().req(&["00", "02,8026"]),
    row("3900", "AMOUNT", &[n_to(15)]).up_to(b'9').attribute().req(&["255,8020"]).ex("390n,391n,394n,8111"),
    row("3910", "AMOUNT", &[n(3).is(&[Currency]), n_to(15)]).up_to(b'9').attribute().req(&["8020"])
        .ex("391n"),
    row("3920", "PRICE", &[n_to(15)]).up_to(b'9').attribute().req(&["01", "30,31nn,32nn,35nn,36nn"])
        .ex("392n,393n"),
    row("3930", "PRICE", &[n(3).is(&[Currency]), n_to(15)]).up_to(b'9').attribute()
        .req(&["30,31nn,32nn,35nn,36nn"]).ex("393n"),
    row("3940", "PRCNT OFF", &[n(4)]).up_to(b'3').attribute().req(&["255"]).ex("394n,8111"),
    row("3950", "PRICE/UoM", &[n(6)]).up_to(b'5').attribute().req(&["30,31nn,32nn,35nn,36nn"])
        .ex("392n,393n,395n,8005"),
    row("400", "ORDER NUMBER", &[x_to(30)]).attribute(),
    row("401", "GINC", &[x_to(30).is(&[CompanyPrefix])]).attribute().key(&[]),
    row("402", "GSIN", &[n(17).is(&[CheckDigit, CompanyPrefix])]).attribute().key(&[]),
    row("403", "ROUTE", &[x_to(30)]).attribute().req(&["00"]),
    row("410", "SHIP TO LOC", &[KEY_13]).predefined().attribute(),
    row("411", "BILL TO", &[KEY_13]).predefined().attribute(),
    row("412", "PURCHASE FROM", &[KEY_13]).predefined().attribute(),
    row("413", "SHIP FOR LOC", &[KEY_13]).predefined().attribute(),
    row("414", "LOC No.", &[KEY_13]).predefined().attribute()
        .key(&["254", "7040"]),
    row("415", "PAY TO", &[KEY_13]).predefined().attribute().req(&["8020"])
        .key(&["8020"]),
    row("416", "PROD/SERV LOC", &[KEY_13]).predefined().attribute(),
    row("417", "PARTY", &[KEY_13]).predefined().attribute().key(&["7040"]),
    row("420", "SHIP TO POST", &[x_to(20)]).attribute().ex("421"),
    row("421", "SHIP TO POST", &[n(3).is(&[Country]), x_to(9)]).attribute().ex("4307"),
    row("422", "ORIGIN", &[n(3).is(&[Country])]).attribute().req(&["01,02,8006,8026"]).ex("426"),
    row("423", "COUNTRY - INITIAL PROCESS", &[COUNTRY, COUNTRY.opt(), COUNTRY.opt(), COUNTRY.opt(), COUNTRY.opt()])
        .attribute().req(&["01,02"]).ex("426"),
    row("424", "COUNTRY - PROCESS", &[n(3).is(&[Country])]).attribute().req(&["01,02"]).ex("426"),
    row("425", "COUNTRY - DISASSEMBLY", &[COUNTRY, COUNTRY.opt(), COUNTRY.opt(), COUNTRY.opt(), COUNTRY.opt()])
        .attribute().req(&["01,02"]).ex("426"),
    row("426", "COUNTRY - FULL PROCESS", &[n(3).is(&[Country])]).attribute().req(&["01,02"]),
    row("427", "ORIGIN SUBDIVISION", &[x_to(3)]).attribute().req(&["01,02", "422"]),
    row("4300", "SHIP TO COMP", &[x_to(35).is(&[PercentEncoded])]).attribute().req(&["00"]),
    row("4301", "SHIP TO NAME", &[x_to(35).is(&[PercentEncoded])]).attribute().req(&["00"]),
    row("4302", "SHIP TO ADD1", &[x_to(70).is(&[PercentEncoded])]).attribute().req(&["00"]),
    row("4303", "SHIP TO ADD2", &[x_to(70).is(&[PercentEncoded])]).attribute().req(&["4302"]),
    row("4304", "SHIP TO SUB", &[x_to(70).is(&[PercentEncoded])]).attribute().req(&["00"]),
    row("4305", "SHIP TO LOC", &[x_to(70).is(&[PercentEncoded])]).attribute().req(&["00"]),
    row("4306", "SHIP TO REG", &[x_to(70).is(&[PercentEncoded])]).attribute().req(&["00"]),
    row("4307", "SHIP TO COUNTRY", &[x(2).is(&[CountryLetters])]).attribute().req(&["00"]),
    row("4308", "SHIP TO PHONE", &[x_to(30)]).attribute().req(&["00"]),
    row("4309", "SHIP TO GEO", &[n(10).is(&[Latitude]), n(10).is(&[Longitude])]).attribute().req(&["00"]),
    row("4310", "RTN TO COMP", &[x_to(35).is(&[PercentEncoded])]).attribute().req(&["00"]),
    row("4311", "RTN TO NAME", &[x_to(35).is(&[PercentEncoded])]).attribute().req(&["00"]),
    row("4312", "RTN TO ADD1", &[x_to(70).is(&[PercentEncoded])]).attribute().req(&["00"]),
    row("4313", "RTN TO ADD2", &[x_to(70).is(&[PercentEncoded])]).attribute().req(&["4312"]),
    row("4314", "RTN TO SUB", &[x_to(70).is(&[PercentEncoded])]).attribute().req(&["00"]),
    row("4315", "RTN TO LOC", &[x_to(70).is(&[PercentEncoded])]).attribute().req(&["00"]),
    row("4316", "RTN TO REG", &[x_to(70).is(&[PercentEncoded])]).attribute().req(&["00"]),
    row("4317", "RTN TO COUNTRY", &[x(2).is(&[CountryLetters])]).attribute().req(&["00"]),
    row("4318", "RTN TO POST", &[x_to(20)]).attribute().req(&["00"]),
    row("4319", "RTN TO PHONE", &[x_to(30)]).attribute().req(&["00"]),
    row("4320", "SRV DESCRIPTION", &[x_to(35).is(&[PercentEncoded])]).attribute().req(&["00"]),
    row("4321", "DANGEROUS GOODS", &[n(1).is(&[YesNo])]).attribute().req(&["00"]),
    row("4322", "AUTH TO LEAVE", &[n(1).is(&[YesNo])]).attribute().req(&["00"]),
    row("4323", "SIG REQUIRED", &[n(1).is(&[YesNo])]).attribute().req(&["00"]),
    row("4324", "NOT BEF DEL DT", &[n(6).is(&[DateOrMonth]), n(4).is(&[Time])]).attribute().req(&["00"]),
    row("4325", "NOT AFT DEL DT", &[n(6).is(&[DateOrMonth]), n(4).is(&[Time])]).attribute().req(&["00"]),
    row("4326", "REL DATE", &[n(6).is(&[Date])]).attribute().req(&["00"]),
    row("4330", "MAX TEMP F.", &[n(6), x(1).is(&[Hyphens]).opt()]).attribute().req(&["00"]).ex("4331"),
    row("4331", "MAX TEMP C.", &[n(6), x(1).is(&[Hyphens]).opt()]).attribute().req(&["00"]).ex("4330"),
    row("4332", "MIN TEMP F.", &[n(6), x(1).is(&[Hyphens]).opt()]).attribute().req(&["00"]).ex("4333"),
    row("4333", "MIN TEMP C.", &[n(6), x(1).is(&[Hyphens]).opt()]).attribute().req(&["00"]).ex("4332"),
    row("7001", "NSN", &[n(13)]).attribute().req(&["01,02,8006,8026"]),
    row("7002", "MEAT CUT", &[x_to(30)]).attribute().req(&["01,02"]),
    row("7003", "EXPIRY TIME", &[n(6).is(&[Date]), n(4).is(&[Time])]).attribute().req(&["01,02"]),
    row("7004", "ACTIVE POTENCY", &[n_to(4)]).attribute().req(&["01+10"]),
    row("7005", "CATCH AREA", &[x_to(12)]).attribute().req(&["01,02"]),
    row("7006", "FIRST FREEZE DATE", &[n(6).is(&[Date])]).attribute().req(&["01,02"]),
    row("7007", "HARVEST DATE", &[n(6).is(&[Date]), n(6).is(&[Date]).opt()]).attribute().req(&["01,02"]),
    row("7008", "AQUATIC SPECIES", &[x_to(3)]).attribute().req(&["01,02"]),
    row("7009", "FISHING GEAR TYPE", &[x_to(10)]).attribute().req(&["01,02"]),
    row("7010", "PROD METHOD", &[x_to(2)]).attribute().req(&["01,02"]),
    row("7011", "TEST BY DATE", &[n(6).is(&[Date]), n(4).is(&[Time]).opt()]).attribute().req(&["01,02"]),
    row("7020", "REFURB LOT", &[x_to(20)]).attribute().req(&["01,8006", "416"]),
    row("7021", "FUNC STAT", &[x_to(20)]).attribute().req(&["01,8006"]),
    row("7022", "REV STAT", &[x_to(20)]).attribute().req(&["7021"]),
    row("7023", "GIAI - ASSEMBLY", &[x_to(30).is(&[CompanyPrefix])]).attribute(),
    row("7030", "PROCESSOR # 0", &[n(3).is(&[CountryOr999]), x_to(27)]).attribute().req(&["01,02"]),
    row("7031", "PROCESSOR # 1", &[n(3).is(&[CountryOr999]), x_to(27)]).attribute().req(&["01,02"]),
    row("7032", "PROCESSOR # 2", &[n(3).is(&[CountryOr999]), x_to(27)]).attribute().req(&["01,02"]),
    row("7033", "PROCESSOR # 3", &[n(3).is(&[CountryOr999]), x_to(27)]).attribute().req(&["01,02"]),
    row("7034", "PROCESSOR # 4", &[n(3).is(&[CountryOr999]), x_to(27)]).attribute().req(&["01,02"]),
    row("7035", "PROCESSOR # 5", &[n(3).is(&[CountryOr999]), x_to(27)]).attribute().req(&["01,02"]),
    row("7036", "PROCESSOR # 6", &[n(3).is(&[CountryOr999]), x_to(27)]).attribute().req(&["01,02"]),
    row("7037", "PROCESSOR # 7", &[n(3).is(&[CountryOr999]), x_to(27)]).attribute().req(&["01,02"]),
    row("7038", "PROCESSOR # 8", &[n(3).is(&[CountryOr999]), x_to(27)]).attribute().req(&["01,02"]),
    row("7039", "PROCESSOR # 9", &[n(3).is(&[CountryOr999]), x_to(27)]).attribute().req(&["01,02"]),
    row("7040", "UIC+EXT", &[n(1), x(1), x(1), x(1).is(&[ImporterIndex])]),
    row("7041", "UFRGT UNIT TYPE", &[x_to(4).is(&[PackageType])]).req(&["00"]),
    row("710", "NHRN PZN", &[x_to(20)]).attribute().req(&["01"]),
    row("711", "NHRN CIP", &[x_to(20)]).attribute().req(&["01"]),
    row("712", "NHRN CN", &[x_to(20)]).attribute().req(&["01"]),
    row("713", "NHRN DRN", &[x_to(20)]).attribute().req(&["01"]),
    row("714", "NHRN AIM", &[x_to(20)]).attribute().req(&["01"]),
    row("715", "NHRN NDC", &[x_to(20)]).attribute().req(&["01"]),
    row("716", "NHRN AIC", &[x_to(20)]).attribute().req(&["01"]),
    row("717", "NHRN SRN", &[x_to(20)]).attribute().req(&["01"]),
    row("7230", "CERT # 1", &[x(2), x_to(28)]).attribute().req(&["01,8004"]),
    row("7231", "CERT # 2", &[x(2), x_to(28)]).attribute().req(&["01,8004"]),
    row("7232", "CERT # 3", &[x(2), x_to(28)]).attribute().req(&["01,8004"]),
    row("7233", "CERT # 4", &[x(2), x_to(28)]).attribute().req(&["01,8004"]),
    row("7234", "CERT # 5", &[x(2), x_to(28)]).attribute().req(&["01,8004"]),
    row("7235", "CERT # 6", &[x(2), x_to(28)]).attribute().req(&["01,8004"]),
    row("7236", "CERT # 7", &[x(2), x_to(28)]).attribute().req(&["01,8004"]),
    row("7237", "CERT # 8", &[x(2), x_to(28)]).attribute().req(&["01,8004"]),
    row("7238", "CERT # 9", &[x(2), x_to(28)]).attribute().req(&["01,8004"]),
    row("7239", "CERT # 10", &[x(2), x_to(28)]).attribute().req(&["01,8004"]),
    row("7240", "PROTOCOL", &[x_to(20)]).attribute().req(&["01,8006"]),
    row("7241", "AIDC MEDIA TYPE", &[n(2).is(&[MediaType])]).attribute().req(&["8017,8018"]),
    row("7242", "VCN", &[x_to(25)]).attribute().req(&["8017,8018"]),
    row("7250", "DOB", &[n(8).is(&[LongDate])]).attribute().req(&["8018"]).ex("7251"),
    row("7251", "DOB TIME", &[n(8).is(&[LongDate]), n(4).is(&[Time])]).attribute().req(&["8018"]).ex("7250"),
    row("7252", "BIO SEX", &[n(1).is(&[Sex])]).attribute().req(&["8018"]),
    row("7253", "FAMILY NAME", &[x_to(40).is(&[PercentEncoded])]).attribute().req(&["8017,8018"])
        .ex("7256,7259"),
    row("7254", "GIVEN NAME", &[x_to(40).is(&[PercentEncoded])]).attribute().req(&["8017,8018"])
        .ex("7256,7259"),
    row("7255", "SUFFIX", &[x_to(10)]).attribute().req(&["8017,8018"]).ex("7256,7259"),
    row("7256", "FULL NAME", &[x_to(90).is(&[PercentEncoded])]).attribute().req(&["8017,8018"]),
    row("7257", "PERSON ADDR", &[x_to(70).is(&[PercentEncoded])]).attribute().req(&["8018"]),
    row("7258", "BIRTH SEQUENCE", &[x(3).is(&[PositionInSequence])]).attribute().req(&["8018+7259"]),
    row("7259", "BABY", &[x_to(40).is(&[PercentEncoded])]).attribute().req(&["8018"]).ex("7256"),
    row("8001", "DIMENSIONS", &[n(4).is(&[NonZero]), n(5).is(&[NonZero]), n(3).is(&[NonZero]), n(1).is(&[Winding]), n(1)])
        .attribute().req(&["01"]),
    row("8002", "CMT No.", &[x_to(20)]).attribute(),
    row("8003", "GRAI", &[n(1).is(&[Zero]), KEY_13, x_to(16).opt()])
        .attribute().key(&[]),
    row("8004", "GIAI", &[x_to(30).is(&[CompanyPrefix])]).attribute().key(&["7040"]),
    row("8005", "PRICE PER UNIT", &[n(6)]).attribute().req(&["01,02"]),
    row("8006", "ITIP", &[KEY_14, n(4).is(&[PieceOfTotal])]).attribute()
        .ex("01,37").key(&["22,10,21"]),
    row("8007", "IBAN", &[x_to(34).is(&[Iban])]).attribute().req(&["415"]),
    row("8008", "PROD TIME", &[n(6).is(&[Date]), n(2).is(&[Hour]), n(2).is(&[Minute]).opt(), n(2).is(&[Second]).opt()])
        .attribute().req(&["01,02"]),
    row("8009", "OPTSEN", &[x_to(50)]).attribute().req(&["00,01"]),
    row("8010", "CPID", &[y_to(30).is(&[CompanyPrefix])]).attribute().key(&["8011"]),
    row("8011", "CPID SERIAL", &[n_to(12).is(&[NoZeroPrefix])]).req(&["8010"]),
    row("8012", "VERSION", &[x_to(20)]).attribute().req(&["01,8006"]),
    row("8013", "GMN", &[x_to(25).is(&[CheckPair, CompanyPrefix])]).attribute().key(&[]),
    row("8014", "MUDI", &[x_to(25).is(&[CheckPair, CompanyPrefix, HasNonDigit])]).req(&["01"]),
    row("8017", "GSRN - PROVIDER", &[n(18).is(&[CheckDigit, CompanyPrefix])]).attribute().ex("8018")
        .key(&["8019"]),
    row("8018", "GSRN - RECIPIENT", &[n(18).is(&[CheckDigit, CompanyPrefix])]).attribute().ex("8017")
        .key(&["8019"]),
    row("8019", "SRIN", &[n_to(10)]).req(&["8017,8018"]),
    row("8020", "REF No.", &[x_to(25)]).req(&["415"]),
    row("8026", "ITIP CONTENT", &[KEY_14, n(4).is(&[PieceOfTotal])])
        .attribute().req(&["37"]).ex("02,8006"),
    row("8030", "DIGSIG", &[z_to(90)]).attribute()
        .req(&["00,01+21,253,255,8003,8004,8006+21,8010+8011,8017,8018"]),
    row("8040", "IMEI", &[n(15)]).req(&["01+21"]),
    row("8041", "IMEI2", &[n(15)]).req(&["01+21+8040"]),
    row("8042", "ESIM", &[n(32)]).req(&["01+21+8040"]),
    row("8043", "PSIM", &[n(18), n_to(2).opt()]).req(&["01+21+8040"]),
    row("8110", "", &[x_to(70)]).attribute(),
    row("8111", "POINTS", &[n(4)]).attribute().req(&["255"]),
    row("8112", "", &[x_to(70)]).attribute(),
    row("8200", "PRODUCT URL", &[x_to(70)]).req(&["01"]),
    row("90", "INTERNAL", &[x_to(30)]).attribute(),
    row("91", "INTERNAL", &[x_to(90)]).up_to(b'9').attribute(),
];

const fn row(ai: &'static str, title: &'static str, parts: &'static [Part]) -> Row {
    let last_digit = ai.as_bytes()[ai.len() - 1];
    Row {
        ai,
        last_digit,
        title,
        parts,
        predefined: false,
        attribute: false,
        requires: &[],
        excludes: "",
        qualifiers: None,
    }
}

/// A trade or logistic measure: six digits, of which the identifier's last digit tells the decimals.
const fn measure(
    ai: &'static str,
    title: &'static str,
    family: &'static str,
    beside: &'static [&'static str],
) -> Row {
    row(ai, title, &[SIX_DIGITS]).up_to(b'5').predefined().attribute().req(beside).ex(family)
}

impl Row {
    const fn up_to(mut self, last_digit: u8) -> Row {
        self.last_digit = last_digit;
        self
    }
    const fn predefined(mut self) -> Row {
        self.predefined = true;
        self
    }
    const fn attribute(mut self) -> Row {
        self.attribute = true;
        self
    }
    const fn req(mut self, requires: &'static [&'static str]) -> Row {
        self.requires = requires;
        self
    }
    const fn ex(mut self, excludes: &'static str) -> Row {
        self.excludes = excludes;
        self
    }
    const fn key(mut self, qualifiers: &'static [&'static str]) -> Row {
        self.qualifiers = Some(qualifiers);
        self
    }
}

const fn part(set: CharacterSet, least: usize, most: usize) -> Part {
    Part { set, least, most, optional: false, rules: &[] }
}
const fn n(length: usize) -> Part {
    part(CharacterSet::Digits, length, length)
}
const fn n_to(most: usize) -> Part {
    part(CharacterSet::Digits, 1, most)
}
const fn x(length: usize) -> Part {
    part(CharacterSet::Set82, length, length)
}
const fn x_to(most: usize) -> Part {
    part(CharacterSet::Set82, 1, most)
}
const fn y_to(most: usize) -> Part {
    part(CharacterSet::Set39, 1, most)
}
const fn z_to(most: usize) -> Part {
    part(CharacterSet::Set64, 1, most)
}

impl Part {
    const fn is(mut self, rules: &'static [Rule]) -> Part {
        self.rules = rules;
        self
    }
    const fn opt(mut self) -> Part {
        self.optional = true;
        self
    }
}

const SIX_DIGITS: Part = n(6);
const KEY_13: Part = n(13).is(&[CheckDigit, CompanyPrefix]);
const KEY_14: Part = n(14).is(&[CheckDigit, CompanyPrefixSecond]);
const COUNTRY: Part = n(3).is(&[Country]);
