const codes = (text: string): ReadonlyArray<string> => text.split(" ")

/** Source: the list of member states of the European Union, european-union.europa.eu. */
const unionMembers = codes("AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE")

/**
 * Countries that are asked for together.
 *
 * - Continents are those of the United Nations: Cyprus and Türkiye are in Asia, and the Caribbean is in North America.
 *
 * Source: United Nations, Standard country or area codes for statistical use (M49); EFTA, members of the European Economic Area;
 * ISO 3166 for Taiwan and the code of Kosovo in use, which M49 does not list.
 */
const groups: ReadonlyArray<readonly [name: string, countries: ReadonlyArray<string>]> = [
  ["EU", unionMembers],
  ["EEA", [...unionMembers, "IS", "LI", "NO"]],
  [
    "Africa",
    codes(
      "DZ AO BJ BW IO BF BI CV CM CF TD KM CG CD CI DJ EG GQ ER SZ ET GA GM GH GN GW KE LS LR LY MG MW ML MR MU YT MA MZ NA " +
        "NE NG RE RW SH ST SN SC SL SO ZA SS SD TZ TF TG TN UG EH ZM ZW"
    )
  ],
  ["Antarctica", ["AQ"]],
  [
    "Asia",
    codes(
      "AF AM AZ BH BD BT BN KH CN CY GE HK IN ID IR IQ IL JP JO KZ KP KR KW KG LA LB MO MY MV MN MM NP OM PK PS PH QA SA SG LK " +
        "SY TW TJ TH TL TR TM AE UZ VN YE"
    )
  ],
  [
    "Europe",
    codes(
      "AX AL AD AT BY BE BA BG HR CZ DK EE FO FI FR DE GI GR GG HU IS IE IM IT JE LV LI LT LU MT MD MC ME NL MK NO PL PT RO " +
        "RU SM RS SK SI ES SJ SE CH UA GB VA XK"
    )
  ],
  [
    "North America",
    codes(
      "AI AG AW BS BB BZ BM BQ VG CA KY CR CU CW DM DO SV GL GD GP GT HT HN JM MQ MX MS NI PA PR BL KN LC MF PM VC SX TT TC US VI"
    )
  ],
  ["Oceania", codes("AS AU CX CC CK FJ PF GU HM KI MH FM NR NC NZ NU NF MP PW PG PN WS SB TK TO TV UM VU WF")],
  ["South America", codes("AR BO BV BR CL CO EC FK GF GY PY PE GS SR UY VE")]
]

/** The groups of countries that can be asked for by a name: `EU`, `EEA` and the continents. */
export const groupNames: ReadonlyArray<string> = groups.map(([name]) => name)

const folded = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, "")

const byName: ReadonlyMap<string, ReadonlyArray<string>> = new Map(
  groups.map(([name, countries]) => [folded(name), countries])
)

/**
 * The codes of a country or of a group of them, in any case: `fi` is Finland's alone, `EU` and `north america` are many. Null for
 * what is no code and no group.
 */
export const countriesOf = (name: string): ReadonlyArray<string> | null =>
  byName.get(folded(name)) ?? (/^[A-Za-z]{2}$/.test(name) ? [name.toUpperCase()] : null)

/** Places, as far as they are countries, and the others: regions by a cloud's own names, in upper case. */
export interface NamedPlaces {
  readonly countries: ReadonlyArray<string>
  readonly regions: ReadonlyArray<string>
}

/** Places by the names of countries, groups and regions. */
export const placesNamed = (names: ReadonlyArray<string>): NamedPlaces => ({
  countries: [...new Set(names.flatMap((name) => countriesOf(name) ?? []))],
  regions: names.flatMap((name) => (countriesOf(name) === null ? [name.trim().toUpperCase()] : []))
})
