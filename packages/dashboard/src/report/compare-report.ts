import type { CompareJson } from "@anygpu/operations/protocol"
import { durationText, shortRef, sizeText } from "@anygpu/operations/words"
import { h } from "preact"
import { amountText, microsOf, priceText } from "../view/amount.ts"
import { cloudColor } from "../view/cloud-color.ts"
import { costBar, costLegend } from "../view/cost-bar.ts"
import { leftOut } from "../view/left-out.ts"
import { gpuText, placeText } from "../view/offer-text.ts"
import { documentOf } from "./document.ts"
import { type Column, linesOf, momentText, panelOf, problemsOf, swatchOf, tableOf } from "./elements.ts"

type Candidate = CompareJson["candidates"][number]

const columnsOf = (clouds: ReadonlyArray<string>, most: number): ReadonlyArray<Column<Candidate>> => [
  {
    head: "Offer",
    cell: ({ rank, offer: { ref, provider, gpu } }) =>
      linesOf(`${rank}. ${gpuText(gpu)} ${sizeText(gpu?.vramMiB ?? null)}`, [
        swatchOf(cloudColor(clouds, provider)),
        shortRef(ref)
      ])
  },
  { head: "Place", cell: ({ offer }) => placeText(offer.location), class: "col-place tablet-only" },
  {
    head: costLegend(),
    cell: ({ cost, offer }) => costBar(cost, cloudColor(clouds, offer.provider), most),
    class: "col-bar"
  },
  {
    head: "Job, per hour",
    cell: ({ cost, offer }) =>
      linesOf(`${cost.exact ? "" : "~"}${amountText(cost.total)}`, `${priceText(offer.pricePerHour)} per hour`),
    class: "col-total right"
  },
  { head: "Up front", cell: ({ cost }) => amountText(cost.upfront), class: "col-money right tablet-only" }
]

const jobText = ({ seconds, storageMiB, egressGiB, ingressGiB }: CompareJson["job"]): string =>
  [
    durationText(seconds * 1000),
    ...(storageMiB === null ? [] : [`${sizeText(storageMiB)} disk`]),
    ...(egressGiB === null ? [] : [`${egressGiB} GiB out`]),
    ...(ingressGiB === null ? [] : [`${ingressGiB} GiB in`])
  ].join(", ")

/** What a whole job costs on each offer, as one HTML file: a table with a bar for each cost, and what was left out. */
export const compareReport = async (comparison: CompareJson): Promise<string> => {
  const { job, candidates, total, excluded, problems, observedAt } = comparison
  const clouds = [
    ...new Set([...candidates.map(({ offer }) => offer.provider), ...excluded.map((one) => one.provider)])
  ].sort()
  const most = candidates.reduce((all, { cost }) => Math.max(all, microsOf(cost.total)), 1)
  const open = [...new Set(candidates.flatMap(({ cost }) => (cost.exact ? [] : cost.assumptions)))]
  const rules = leftOut(excluded)
  const offers =
    candidates.length === 0
      ? h("div", { class: "empty" }, "No offer fits.")
      : tableOf("Offers, the cheapest job first", columnsOf(clouds, most), candidates, "two-lines fixed")
  return await documentOf({
    title: "What a job costs",
    subtitle: `${jobText(job)}; as offered at ${momentText(observedAt)}`,
    body: [
      ...problemsOf(problems),
      panelOf("Offers", `${candidates.length} of ${total} that fit, the cheapest job first`, [
        offers,
        open.length > 0 &&
          h(
            "ul",
            { class: "after soft small" },
            open.map((one) => h("li", null, `~ ${one}`))
          )
      ]),
      rules.length > 0 &&
        panelOf(
          "Left out",
          "by the first rule that they break",
          tableOf(
            "Offers that do not fit, by the reason",
            [
              { head: "Because", cell: ({ text }) => text },
              { head: "Clouds", cell: (rule) => rule.clouds.join(", "), class: "soft small" },
              { head: "Offers", cell: ({ count }) => String(count), class: "right" }
            ],
            rules
          )
        )
    ]
  })
}
