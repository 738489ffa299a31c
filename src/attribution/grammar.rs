//! The closed classes of English words, by which clauses and noun phrases are told apart.

use crate::token::Shape;

/// What a word is in a clause, as far as its spelling tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// A noun, an adjective, or a verb that no list has.
    Open,
    /// `the`, `some`, `every`
    Determiner,
    /// `his`, `their`
    Possessive,
    /// `he`, `they`: a pronoun that is a subject.
    Subject,
    /// `him`, `them`, `himself`
    Object,
    /// `who`, `which`
    Relative,
    That,
    /// `whether`, `how`, `what`
    Question,
    To,
    By,
    /// `of`, `about`, `in`
    Preposition,
    According,
    Be,
    Have,
    Do,
    /// `will`, `could`
    Modal,
    Not,
    /// `and`, `or`
    And,
    But,
    /// `because`, `while`, `as`
    Subordinator,
    Adverb,
    /// `more`, `only`: an adverb that belongs to what follows it.
    Degree,
    /// `Monday`, `yesterday`
    Time,
    Number,
}

impl Class {
    /// The class of a word in its normalised form.
    pub(super) fn of(form: &str, shape: Shape) -> Self {
        if shape == Shape::Number {
            return Self::Number;
        }
        closed(form).unwrap_or_else(|| {
            if form.contains('\'') {
                contracted(form)
            } else if form.len() > 4 && form.ends_with("ly") && shape == Shape::Lower {
                adverb_or_noun(form)
            } else {
                Self::Open
            }
        })
    }

    /// What begins a phrase of place, time or manner: `in an interview`, `after the vote`.
    pub(super) fn opens_adverbial(self) -> bool {
        matches!(
            self,
            Self::Preposition | Self::Subordinator | Self::By | Self::To
        )
    }

    /// What a noun phrase can begin with.
    pub(super) fn opens_phrase(self) -> bool {
        matches!(
            self,
            Self::Subject | Self::Determiner | Self::Possessive | Self::Open | Self::Number
        )
    }

    /// A preposition that can join two nouns to one phrase.
    pub(super) fn links(self) -> bool {
        matches!(self, Self::Preposition | Self::By)
    }

    /// A word that helps a verb: `has`, `will`, `did`.
    pub(super) fn is_auxiliary(self) -> bool {
        matches!(self, Self::Be | Self::Have | Self::Do | Self::Modal)
    }
}

/// What a pronoun or a title tells of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gender {
    Male,
    Female,
}

impl Gender {
    /// The gender that a normalised word tells.
    pub(super) fn of(form: &str) -> Option<Self> {
        match form {
            "he" | "his" | "him" | "himself" | "mr" | "sir" | "lord" | "king" | "prince"
            | "spokesman" | "chairman" | "congressman" | "businessman" | "councilman" => {
                Some(Self::Male)
            }
            "she" | "her" | "herself" | "mrs" | "ms" | "miss" | "lady" | "queen" | "princess"
            | "actress" | "spokeswoman" | "chairwoman" | "congresswoman" | "businesswoman"
            | "councilwoman" => Some(Self::Female),
            _ => None,
        }
    }
}

#[rustfmt::skip]
fn closed(form: &str) -> Option<Class> {
    Some(match form {
        "the" | "a" | "an" | "this" | "these" | "those" | "some" | "any" | "every" | "each" | "no" | "both" | "all"
        | "another" | "many" | "several" | "few" | "most" | "such" | "either" | "neither" => Class::Determiner,
        "his" | "her" | "their" | "its" | "my" | "our" | "your" | "whose" => Class::Possessive,
        "he" | "she" | "they" | "it" | "i" | "we" | "you" | "there" | "everyone" | "nobody" | "everybody" | "somebody"
        | "someone" | "anyone" => Class::Subject,
        "him" | "them" | "me" | "us" | "himself" | "herself" | "themselves" | "itself" | "myself" => Class::Object,
        "who" | "which" | "whom" => Class::Relative,
        "that" => Class::That,
        "whether" | "how" | "what" | "why" | "where" | "if" => Class::Question,
        "to" => Class::To,
        "by" => Class::By,
        "of" | "about" | "in" | "on" | "at" | "for" | "with" | "from" | "against" | "over" | "into" | "during"
        | "under" | "through" | "between" | "among" | "out" | "up" | "off" | "down" | "toward" | "towards" | "upon"
        | "within" | "without" | "via" | "behind" | "beside" | "near" | "outside" | "inside" | "around" | "across"
        | "amid" | "onto" | "per" | "regarding" | "concerning" | "despite" | "throughout" | "above" | "below" | "like"
        | "unlike" | "beyond" | "along" | "ahead" => Class::Preposition,
        "two" | "three" | "four" | "five" | "six" | "seven" | "eight" | "nine" | "ten" | "twelve" | "hundred" | "thousand"
        => Class::Number,
        "according" => Class::According,
        "is" | "are" | "was" | "were" | "be" | "been" | "being" | "am" | "isn't" | "aren't" | "wasn't" | "weren't"
        => Class::Be,
        "has" | "have" | "had" | "having" | "hasn't" | "haven't" | "hadn't" => Class::Have,
        "do" | "does" | "did" | "doesn't" | "don't" | "didn't" => Class::Do,
        "will" | "would" | "can" | "could" | "may" | "might" | "must" | "should" | "shall" | "cannot" | "won't"
        | "wouldn't" | "can't" | "couldn't" | "shouldn't" | "mustn't" => Class::Modal,
        "not" | "never" => Class::Not,
        "and" | "or" | "nor" => Class::And,
        "but" | "yet" => Class::But,
        "because" | "while" | "although" | "though" | "since" | "after" | "before" | "until" | "unless" | "as" | "than"
        | "when" | "once" | "whereas" | "till" => Class::Subordinator,
        "also" | "then" | "now" | "again" | "later" | "earlier" | "often" | "once-again" | "still" | "even" | "just"
        | "already" | "ever" | "soon" | "always" | "instead" | "first" | "perhaps" | "however" | "further" | "long"
        | "sometimes" | "afterwards" | "afterward" | "meanwhile" | "twice" | "nevertheless" | "aloud" | "online" | "anyway"
        | "moreover" | "thus" | "therefore" | "indeed" => Class::Adverb,
        "more" | "much" | "so" | "very" | "too" | "only" | "almost" | "quite" | "rather" | "else" | "back" | "here"
        | "forward" | "less" | "nearly" | "roughly" => Class::Degree,
        "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday" | "today" | "yesterday"
        | "tomorrow" | "tonight" | "january" | "february" | "april" | "june" | "july" | "august" | "september"
        | "october" | "november" | "december" | "morning" | "afternoon" | "evening" | "night" | "week" | "month" | "year"
        | "weekend" | "ago" | "sept" | "oct" | "nov" | "dec" | "jan" | "feb" | "noon" | "midday" | "turn" | "addition" | "instance"
        | "example" | "particular" => Class::Time,
        _ => return None,
    })
}

/// A word with an apostrophe that is no possessive: `they're`, `I've`, `didn't`.
fn contracted(form: &str) -> Class {
    match form.split('\'').next() {
        Some("i" | "you" | "he" | "she" | "it" | "we" | "they" | "there") => Class::Subject,
        Some("who") => Class::Relative,
        Some("that") => Class::That,
        _ if form.ends_with("n't") => Class::Do,
        _ => Class::Open,
    }
}

fn adverb_or_noun(form: &str) -> Class {
    match form {
        "family" | "reply" | "supply" | "apply" | "rally" | "assembly" | "comply" | "imply"
        | "likely" | "unlikely" | "elderly" | "daily" | "weekly" | "monopoly" | "bully"
        | "early" | "friendly" | "deadly" | "anomaly" | "costly" | "multiply" | "monthly"
        | "deeply-held" | "lonely" | "homily" => Class::Open,
        _ => Class::Adverb,
    }
}
