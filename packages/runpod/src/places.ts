import { type Location, placed } from "@anygpu/core"

/**
 * The countries of data centres, by the ids that Runpod's documents list.
 *
 * - Of an id that is not here nothing is known: Runpod warns of reading a country out of one.
 * - What begins with US names a state: `US-DE-1` is in Delaware, and not in Germany.
 *
 * Source: Runpod docs, storage/s3-api and pods/networking; the enumeration of its REST API v1.
 */
const countries: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ["CA-2", "DE-1", "GA-1", "GA-2", "IL-1", "KS-2", "KS-3", "MD-1", "MO-1", "MO-2", "NC-1", "NC-2", "NE-1"]
      .concat(["TX-1", "TX-3", "TX-4", "WA-1"])
      .map((state) => [`US-${state}`, "US"])
  ),
  ...{ "CA-MTL-1": "CA", "CA-MTL-2": "CA", "CA-MTL-3": "CA", "AP-JP-1": "JP", "OC-AU-1": "AU" },
  ...{ "EU-CZ-1": "CZ", "EU-FR-1": "FR", "EU-NL-1": "NL", "EU-RO-1": "RO", "EU-SE-1": "SE" },
  ...{ "EUR-IS-1": "IS", "EUR-IS-2": "IS", "EUR-IS-3": "IS", "EUR-NO-1": "NO" }
}

/** Where a data centre is; its country is null where no document lists it. */
export const placeOf = (id: string | null | undefined, name?: string | null): Location => placed(countries, id, name)
