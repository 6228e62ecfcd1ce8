import type { QuoteJson } from "@anygpu/operations/protocol"
import { durationText, shortRef, sizeText } from "@anygpu/operations/words"
import { amountText } from "../../src/view/amount.ts"
import { itemTexts } from "../../src/view/cost-bar.ts"
import { gpuText, placeText } from "../../src/view/offer-text.ts"
import { Cloud } from "../parts/cloud.tsx"

/** A quote, or what of it a comparison already knows. */
type Known = Pick<QuoteJson, "offer" | "cost"> & Partial<QuoteJson>

/** What a launch costs, in full. */
export const Quote = ({ quote, asking }: { readonly quote: Known; readonly asking: boolean }) => {
  const { offer, cost, perHour, diskMiB, maxTotal, maxPerHour, next = [], ttlSeconds, job } = quote
  return (
    <div class={asking ? "asking" : undefined} aria-busy={asking}>
      <Cost cost={cost} seconds={job?.seconds ?? null} />
      <dl class="facts">
        <dt>Offer</dt>
        <dd>
          <Cloud cloud={offer.provider} /> · {gpuText(offer.gpu)}, {placeText(offer.location)}
        </dd>
        {diskMiB != null && (
          <>
            <dt>Disk</dt>
            <dd>{sizeText(diskMiB)}</dd>
          </>
        )}
        {perHour && (
          <>
            <dt>Per hour</dt>
            <dd>{amountText(perHour, 6)} while it runs, until it is ended</dd>
          </>
        )}
        <dt>Up front</dt>
        <dd>{amountText(cost.upfront)} on the account at the launch</dd>
        {offer.interruptible && (
          <>
            <dt>Taken away</dt>
            <dd>the cloud may take it away at any time</dd>
          </>
        )}
        {maxTotal && (
          <>
            <dt>At most</dt>
            <dd>
              {amountText(maxTotal)}
              {maxPerHour && ` and ${amountText(maxPerHour)} per hour`}, else refused
            </dd>
          </>
        )}
        {next.length > 0 && (
          <>
            <dt>If it is gone</dt>
            <dd>{next.map((one) => `${shortRef(one.offer)} for ${amountText(one.total)}`).join(", ")}</dd>
          </>
        )}
        {ttlSeconds != null && (
          <>
            <dt>Ends</dt>
            <dd>{durationText(ttlSeconds * 1000)} after the launch</dd>
          </>
        )}
      </dl>
    </div>
  )
}

const Cost = ({ cost, seconds }: { readonly cost: QuoteJson["cost"]; readonly seconds: number | null }) => (
  <>
    <table class="quote-lines">
      <caption>What the job costs</caption>
      <tbody>
        {cost.lines.map(({ item, amount, note }) => (
          <tr key={item + note}>
            <th scope="row">
              {itemTexts[item]} <span class="soft small">{note}</span>
            </th>
            <td class="right nowrap">{amountText(amount, 6)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">Total{seconds !== null && ` for ${durationText(seconds * 1000)}`}</th>
          <td class="right nowrap">
            {cost.exact ? "" : "~"}
            {amountText(cost.total, 6)}
          </td>
        </tr>
      </tfoot>
    </table>
    {cost.assumptions.length > 0 && (
      <ul class="soft small assumptions">
        {cost.assumptions.map((one) => (
          <li key={one}>~ {one}</li>
        ))}
      </ul>
    )}
  </>
)
