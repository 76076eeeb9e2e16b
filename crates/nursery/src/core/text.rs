//! Text as it is searched for. Names themselves are stored byte for byte and never changed.

use unicode_normalization::UnicodeNormalization;

/// A search key: lower case, without spaces, separators and accents; half and full width, katakana and hiragana, and
/// common variants of kanji as one.
#[must_use]
pub fn text_key(text: &str) -> String {
    // decomposed first, so that ễ loses its accents and ｶﾞ becomes ガ; composed again, so that が stays one letter
    let plain = text.nfkd().filter(|c| !('\u{300}'..='\u{36F}').contains(c)).nfc();
    plain.filter(|c| !separates(*c)).map(fold).flat_map(char::to_lowercase).collect()
}

/// True if both name the same person, in any spelling that a search folds and in either order of family and given name.
#[must_use]
pub fn same_name(one: &str, other: &str) -> bool {
    let key = text_key(one);
    !key.is_empty() && (key == text_key(other) || words(one) == words(other))
}

/// True if `said` may be `whole`: the same name, or only the family or only the given name of it, as somebody at a door
/// says it, with or without what is said politely behind a name. A beginning or an end counts from two letters on,
/// because not every name is written in parts; so does the whole name among other words (「父の高橋誠」).
#[must_use]
pub fn may_be_name(said: &str, whole: &str) -> bool {
    is_part(said, whole) || without_title(said).is_some_and(|bare| is_part(bare, whole))
}

fn is_part(said: &str, whole: &str) -> bool {
    if same_name(said, whole) {
        return true;
    }
    let (key, of) = (text_key(said), text_key(whole));
    let long = |text: &str| text.chars().count() > 1;
    let part = long(&key) && (of.starts_with(&key) || of.ends_with(&key));
    let among = long(&of) && key.contains(&of);
    let parts = words(whole);
    // 「父の高橋」: what follows の is a whole part of the name
    let whose = key.rsplit_once('の').is_some_and(|(_, name)| long(name) && parts.iter().any(|part| part == name));
    !key.is_empty() && (part || among || whose || parts.contains(&key))
}

/// What is said politely behind a name, as search keys.
const TITLES: [&str; 8] = ["さん", "様", "さま", "くん", "君", "ちゃん", "先生", "氏"];

/// The name before a title; `None` if there is no title, or nothing before it.
fn without_title(said: &str) -> Option<&str> {
    let key = text_key(said);
    let bare = TITLES.iter().find_map(|title| key.strip_suffix(title)).filter(|bare| !bare.is_empty())?;
    said.char_indices().filter_map(|(end, _)| said.get(..end)).find(|start| text_key(start) == bare)
}

fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = name.split(separates).map(text_key).filter(|word| !word.is_empty()).collect();
    words.sort();
    words
}

fn separates(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '・' | '･' | '=' | '＝' | '゠' | '-' | '‐' | '－' | ',' | '，' | '、' | '.' | '\'' | '’')
}

fn fold(c: char) -> char {
    match c {
        '\u{30A1}'..='\u{30F6}' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        'đ' | 'Đ' => 'd',
        'ø' | 'Ø' => 'o',
        '髙' => '高',
        '﨑' | '嵜' | '碕' => '崎',
        '邉' | '邊' => '辺',
        '齋' | '齊' | '斉' => '斎',
        '濵' | '濱' => '浜',
        '𠮷' => '吉',
        '澤' => '沢',
        '廣' => '広',
        '國' => '国',
        '嶋' | '嶌' => '島',
        '櫻' => '桜',
        '龍' => '竜',
        '眞' => '真',
        '惠' => '恵',
        '榮' => '栄',
        '關' => '関',
        '淺' => '浅',
        '澁' | '澀' => '渋',
        '瀧' => '滝',
        '冨' => '富',
        '峯' => '峰',
        '栁' => '柳',
        '萬' => '万',
        '靜' => '静',
        '實' => '実',
        '壽' => '寿',
        '曾' => '曽',
        '學' => '学',
        '與' => '与',
        '條' => '条',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_key_for_every_way_in_which_a_name_is_typed() {
        for (typed, written) in [
            ("高橋　誠", "髙橋 誠"),
            ("高橋誠", "髙橋 誠"),
            ("タカハシ マコト", "たかはし まこと"),
            ("ﾀｶﾊｼ ﾏｺﾄ", "たかはし まこと"),
            ("ｶﾞｸﾄ", "がくと"),
            ("か\u{3099}くと", "がくと"),
            ("ＴＡＫＡＨＡＳＨＩ", "Takahashi"),
            ("グエン・タオ", "グエン タオ"),
            ("Nguyen Thi Thao", "Nguyễn Thị Thảo"),
            ("Dang", "Đặng"),
            ("山崎 𠮷男", "山﨑 吉男"),
        ] {
            assert_eq!(text_key(typed), text_key(written), "{typed} is {written}");
        }
    }

    #[test]
    fn voiced_and_plain_kana_stay_two_names() {
        assert_ne!(text_key("かな"), text_key("がな"));
        assert_ne!(text_key("はると"), text_key("ぱると"));
    }

    #[test]
    fn the_order_of_family_and_given_name_does_not_matter() {
        assert!(same_name("Makoto TAKAHASHI", "Takahashi Makoto"));
        assert!(same_name("誠　高橋", "髙橋 誠"));
        assert!(!same_name("高橋 花", "髙橋 誠"));
    }

    #[test]
    fn who_says_only_the_family_or_the_given_name_may_be_that_person() {
        assert!(may_be_name("高橋", "髙橋 誠"));
        assert!(may_be_name("誠", "髙橋 誠"));
        assert!(may_be_name("高橋", "髙橋誠"));
        assert!(!may_be_name("高橋 花", "髙橋 誠"));
        assert!(!may_be_name("橋", "髙橋 誠"));
        assert!(!may_be_name("", "髙橋 誠"));
    }

    #[test]
    fn a_title_alone_is_no_name_and_a_name_that_ends_like_a_title_stays_one() {
        for title in TITLES {
            assert!(!may_be_name(title, "髙橋 誠"), "{title}");
        }
        assert!(may_be_name("高橋 正君", "髙橋 正君"));
        assert!(may_be_name("ﾀｶﾊｼｻﾝ", "たかはし まこと"));
        assert!(may_be_name("誠 高橋 様", "髙橋 誠"));
        assert!(may_be_name("高橋さん", "髙橋誠"), "also where the name is not written in parts");
    }

    #[test]
    fn nothing_is_nobodys_name() {
        assert!(!same_name("", ""));
        assert!(!same_name("・ ", "　"));
    }
}
