//! The names that a swap of actors draws from and looks for. Persons and organisations that are drawn are invented; those
//! that are looked for are real and frequent in news.

/// Country, demonym, capital; some of several words, since masks must join those.
#[rustfmt::skip] // a table, not a column
pub(super) const STATES: [[&str; 3]; 24] = [
    ["Argentina", "Argentine", "Buenos Aires"],
    ["Azerbaijan", "Azerbaijani", "Baku"],
    ["Bangladesh", "Bangladeshi", "Dhaka"],
    ["Bosnia and Herzegovina", "Bosnian", "Sarajevo"],
    ["Burkina Faso", "Burkinabe", "Ouagadougou"],
    ["Canada", "Canadian", "Ottawa"],
    ["China", "Chinese", "Beijing"],
    ["Denmark", "Danish", "Copenhagen"],
    ["Egypt", "Egyptian", "Cairo"],
    ["Ethiopia", "Ethiopian", "Addis Ababa"],
    ["France", "French", "Paris"],
    ["India", "Indian", "New Delhi"],
    ["Iran", "Iranian", "Tehran"],
    ["Israel", "Israeli", "Jerusalem"],
    ["Kazakhstan", "Kazakh", "Astana"],
    ["Kenya", "Kenyan", "Nairobi"],
    ["Malaysia", "Malaysian", "Kuala Lumpur"],
    ["New Zealand", "New Zealander", "Wellington"],
    ["Poland", "Polish", "Warsaw"],
    ["Russia", "Russian", "Moscow"],
    ["South Korea", "South Korean", "Seoul"],
    ["Sri Lanka", "Sri Lankan", "Colombo"],
    ["Ukraine", "Ukrainian", "Kyiv"],
    ["Venezuela", "Venezuelan", "Caracas"],
];

/// What stands before the name of a person now and then.
#[rustfmt::skip] // a table, not a column
pub(super) const TITLES: [&str; 6] = [
    "President", "Prime Minister", "Foreign Minister", "Senator", "General", "Mr",
];

/// Of many languages.
#[rustfmt::skip] // a table, not a column
pub(super) const GIVEN_NAMES: [&str; 12] = [
    "Tomas", "Ilse", "Marek", "Amara", "Joaquin", "Leila", "Desmond", "Priya", "Henrik", "Noor",
    "Yusuf", "Clara",
];

/// Invented, but for two that are also common words: such people exist, and a mask must not hang on their names.
#[rustfmt::skip] // a table, not a column
pub(super) const SURNAMES: [&str; 20] = [
    "Varkonen", "Halbrecht", "Tormasov", "Bellancourt", "Okwandu", "Rezavand", "Marquello",
    "Sundarajit", "Yamahiro", "Drozdany", "Al-Harrani", "Van der Loo", "O'Dallan", "Kesselbrink",
    "Mbatuya", "Ilyenkin", "Castelvar", "Xu Manting", "Price", "Young",
];

/// Invented companies, bodies and newspapers.
#[rustfmt::skip] // a table, not a column
pub(super) const ORGANISATIONS: [&str; 18] = [
    "Norvane", "Teldrix", "Zentara Labs", "Halcyon Freight", "Brightmoor Energy", "Castellan Bank",
    "Orbis Motors Corp", "Kestrelair", "Aurelia Mining Group", "Halden Institute",
    "Orsova Council", "Union of Northern Growers", "Lowland Workers Party", "Daily Lantern",
    "Varna Courier", "LDTF", "QNR", "Pan-Cordillera Front",
];

/// Last words of the names of organisations.
#[rustfmt::skip] // a table, not a column
pub(super) const BODIES: [&str; 30] = [
    "Agency", "Airlines", "Association", "Bank", "Bureau", "Church", "Co", "Commission",
    "Committee", "Company", "Corp", "Council", "Court", "Department", "Foundation", "Front",
    "Group", "Inc", "Institute", "Ltd", "Ministry", "Movement", "Office", "Organisation",
    "Organization", "Party", "Post", "Times", "Union", "University",
];

/// Real, as news names them.
#[rustfmt::skip] // a table, not a column
pub(super) const LEADERS: [&str; 32] = [
    "Putin", "Medvedev", "Yeltsin", "Gorbachev", "Lavrov", "Zelensky", "Zelenskyy", "Poroshenko",
    "Lukashenko", "Biden", "Trump", "Obama", "Clinton", "Pompeo", "Blinken", "Kerry", "Blair",
    "Thatcher", "Theresa May", "Boris Johnson", "Merkel", "Macron", "Erdogan", "Netanyahu",
    "Arafat", "Assad", "Rouhani", "Khamenei", "Xi Jinping", "Kim Jong Un", "Modi", "Maduro",
];

/// Real, as news names them.
#[rustfmt::skip] // a table, not a column
pub(super) const COMPANIES_AND_OUTLETS: [&str; 32] = [
    "Huawei", "Gazprom", "Rosneft", "Google", "Facebook", "Microsoft", "Apple", "Amazon", "Boeing",
    "Airbus", "Toyota", "Samsung", "Volkswagen", "BP", "ExxonMobil", "Goldman Sachs", "Tesla",
    "Reuters", "TASS", "Sputnik", "Xinhua", "RIA Novosti", "Interfax", "BBC", "CNN", "Bloomberg",
    "Al Jazeera", "New York Times", "Washington Post", "Der Spiegel", "Kommersant",
    "Associated Press",
];
