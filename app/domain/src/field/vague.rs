//! Answers that are none.

/// True of what is written where nobody looked: “same as usual”, “ditto”, “n/a”.
pub fn is_vague(given: &str) -> bool {
    const VAGUE: &[&str] = &[
        "same",
        "same as usual",
        "as usual",
        "usual",
        "same as before",
        "as before",
        "same as last time",
        "ditto",
        "n/a",
        "na",
        "none",
        "unknown",
        "tbd",
        "various",
        "regular supplier",
        "usual supplier",
        "-",
        "--",
        "?",
        "同上",
        "同前",
        "照旧",
        "一样",
        "老样子",
        "同以前",
        "同上次",
        "不详",
        "未知",
        "待定",
        "无",
        "常规",
    ];
    let folded = given.trim().trim_end_matches(['.', '。']).to_lowercase();
    VAGUE.contains(&folded.split_whitespace().collect::<Vec<_>>().join(" ").as_str())
}
