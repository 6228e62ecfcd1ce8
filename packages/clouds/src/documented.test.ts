import { adapterContext, type DocumentedCloud, type DocumentedWords } from "@anygpu/conformance"
import { type AnyProvider, attempt, formatMoney, type Money, type Offer } from "@anygpu/core"
import type { CloudDescription } from "@anygpu/core/cloud"
import { createClock } from "@anygpu/simulators"
import { describe, expect, test } from "vitest"
import { clouds } from "./index.ts"

const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } })

/** What a cloud's own package writes down of its documents: a cloud without it fails. */
const documentedOf = async ({ name }: CloudDescription): Promise<DocumentedCloud> =>
  ((await import(`../../${name}/src/documented.test-support.ts`)) as { readonly documented: DocumentedCloud })
    .documented

/** The kinds of a cloud that answers as its documents do. */
const kindsOf = async (cloud: CloudDescription, { answers }: DocumentedWords): Promise<ReadonlyArray<AnyProvider>> => {
  const keys = Object.fromEntries(cloud.keys.map(({ option }) => [option, "no-request-is-sent"]))
  const opened = await cloud.open(keys, {
    fetch: async (url, { method = "GET" }) => {
      const route = `${method} ${new URL(url).pathname}`
      return route in answers ? json(200, answers[route]) : json(404, { error: `${route} is not documented` })
    }
  })
  return Object.values(opened.kinds)
}

/** What the words come to where the adapter reads them; a text that says what is wrong where they come to nothing. */
const offeredOf = ({ says, of }: DocumentedWords, { gpu, location, terms }: Offer): string | null => {
  if (says === "gpu") return gpu?.known ? gpu.model : null
  if (says === "place") return location.native === null ? "the cloud's own word is lost" : location.country
  const price = of === "disk" ? terms?.storage?.perUnitMonth : terms?.compute.perHour
  return price ? formatMoney(price) : null
}

const readOf = async (cloud: CloudDescription, row: DocumentedWords): Promise<ReadonlyArray<string | null>> => {
  const kinds = await kindsOf(cloud, row)
  const { run } = adapterContext(createClock())
  const textOf = (price: Money | null) => price && formatMoney(price)
  if (row.of === "volume") {
    const volumes = await Promise.all(kinds.map((kind) => run(attempt(kind, "volumes"))))
    return [...new Set(volumes.flatMap(({ items }) => items.map(({ pricePerHour }) => textOf(pricePerHour))))]
  }
  const offers = await Promise.all(kinds.map((kind) => run(kind.offers(row.filter))))
  return [...new Set(offers.flatMap(({ items }) => items.map((offer) => offeredOf(row, offer))))]
}

describe.each(clouds)("the documents of $name", async (cloud) => {
  const { sources, words } = await documentedOf(cloud)

  test.each(["gpu", "place", "price"] as const)("every %s they name is known, or said to be unknown", async (says) => {
    const rows = words.filter((row) => row.says === says)
    const read = await Promise.all(rows.map((row) => readOf(cloud, row)))
    expect(rows.map((row, index) => [row.words, read[index]])).toEqual(
      rows.map((row) => [row.words, [typeof row.means === "string" ? row.means : null]])
    )
    expect(rows.filter(({ means }) => typeof means === "string").length).toBeGreaterThan(0)
  })

  test("are named", () => expect(sources.length).toBeGreaterThan(0))
})
