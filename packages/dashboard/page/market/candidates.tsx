import type { CompareJson } from "@anygpu/operations/protocol"
import { durationText, shortRef, sizeText } from "@anygpu/operations/words"
import { useMemo, useState } from "preact/hooks"
import { amountText, microsOf, priceText } from "../../src/view/amount.ts"
import { cloudColor } from "../../src/view/cloud-color.ts"
import { costBar, costLegend } from "../../src/view/cost-bar.ts"
import { gpuText, placeText } from "../../src/view/offer-text.ts"
import { useAllowed, useClouds } from "../data/about.ts"
import type { Asked } from "../data/answers.ts"
import { go } from "../data/route.ts"
import { useSearch } from "../data/search.ts"
import { Swatch } from "../parts/cloud.tsx"
import { Panel } from "../parts/panel.tsx"
import { Problem } from "../parts/problem.tsx"
import { Rows } from "../parts/rows.tsx"

/** One offer with what the job costs on it. */
export type Candidate = CompareJson["candidates"][number]

/** What of an offer can be searched for. */
const textOf = ({ offer }: Candidate): string =>
  [offer.ref, gpuText(offer.gpu), placeText(offer.location), offer.location.region, offer.location.native].join(" ")

interface CandidatesProps {
  readonly asked: Asked<CompareJson>
  readonly onAll: () => void
}

/** The offers that fit, the cheapest job first. */
export const Candidates = ({ asked: { answer, error, asking, again }, onAll }: CandidatesProps) => {
  const [find, setFind] = useState("")
  const candidates = answer?.candidates ?? none
  const shown = useSearch(candidates, find, textOf)
  const mayLaunch = useAllowed()("launch")
  const note = answer && (
    <>
      {shown.length === answer.total ? answer.total : `${shown.length} of ${answer.total}`} for{" "}
      {durationText(answer.job.seconds * 1000)}, the cheapest job first{asking && ". Asking the clouds again…"}
    </>
  )
  const search = (
    <input
      class="filter"
      type="search"
      aria-label="Find offers"
      placeholder="Find offers"
      value={find}
      onInput={(event) => setFind(event.currentTarget.value)}
    />
  )
  return (
    <Panel title="Offers" note={note ?? (asking && "asking the clouds…")} end={candidates.length > 0 && search}>
      {error && (
        <div class="body">
          <Problem what="The clouds could not be compared" error={error} again={again} />
        </div>
      )}
      {answer === null && !error && <Waiting />}
      {answer?.total === 0 && <NoOffer complete={answer.complete} />}
      {candidates.length > 0 && <Table shown={shown} all={candidates} acts={mayLaunch} asking={asking} />}
      {answer && answer.total > candidates.length && (
        <div class="body">
          <button type="button" onClick={onAll}>
            Show all {answer.total}
          </button>
        </div>
      )}
      {answer?.problems.map((problem) => (
        <div class="body" key={`${problem.provider}${problem.kind}${problem.part}`}>
          <Problem
            what={`missing: ${problem.part} of ${problem.provider}`}
            error={{ ...problem.error, problems: [] }}
          />
        </div>
      ))}
    </Panel>
  )
}

const none: ReadonlyArray<Candidate> = []

/** The room of the first rows, while nothing is known yet. */
const Waiting = () => (
  <div aria-hidden="true">
    {[1, 2, 3, 4].map((row) => (
      <div class="waiting" key={row} />
    ))}
  </div>
)

const NoOffer = ({ complete }: { readonly complete: boolean }) => (
  <div class="empty">
    <p class="strong">No offer fits{complete ? "" : " on the clouds that answered, and not all did"}.</p>
    <p>What is left out, and why, stands below: ask for less there.</p>
  </div>
)

interface TableProps {
  readonly shown: ReadonlyArray<Candidate>
  readonly all: ReadonlyArray<Candidate>
  readonly acts: boolean
  readonly asking: boolean
}

const Table = ({ shown, all, acts, asking }: TableProps) => {
  const clouds = useClouds()
  // The bars of the dearest offers would make all others a dot: they are cut off at the cost of the first two dozen.
  const most = useMemo(() => {
    const last = all[Math.min(all.length, 24) - 1]
    return last ? microsOf(last.cost.total) : 1
  }, [all])
  const { open } = useMemo(() => ({ open: all.some(({ cost }) => !cost.exact) }), [all])
  return (
    <div class={asking ? "asking" : undefined}>
      <Rows
        caption="Offers with what the job costs, the cheapest first"
        class="two-lines fixed"
        height={56}
        head={<Head acts={acts} />}
        items={shown}
        row={(candidate) => <Row key={candidate.offer.ref} {...{ candidate, clouds, most, acts }} />}
      />
      {open && <p class="after soft small">~ something is left open or assumed: the quote of an offer says what</p>}
    </div>
  )
}

const Head = ({ acts }: { readonly acts: boolean }) => (
  <tr>
    <th scope="col" class="col-rank">
      #
    </th>
    <th scope="col">Offer</th>
    <th scope="col" class="col-place tablet-only">
      Place, reliability
    </th>
    <th scope="col" class="col-bar">
      <span class="tablet-only">{costLegend()}</span>
      <span class="hidden">What the cost is made of</span>
    </th>
    <th scope="col" class="col-total right">
      Job, per hour
    </th>
    {acts && (
      <th scope="col" class="col-act tablet-only">
        <span class="hidden">Launch</span>
      </th>
    )}
  </tr>
)

interface RowProps {
  readonly candidate: Candidate
  readonly clouds: ReadonlyArray<string>
  readonly most: number
  readonly acts: boolean
}

const Row = ({ candidate: { rank, offer, cost }, clouds, most, acts }: RowProps) => {
  const { ref, provider, gpu, location, reliability, pricePerHour, interruptible } = offer
  const choose = () => go("market", { offer: ref })
  return (
    <tr>
      <td class="col-rank soft">{rank}</td>
      <th scope="row">
        <span class="line">
          <button type="button" class="plain strong" onClick={choose}>
            {gpuText(gpu)}
          </button>
          <span class="soft"> {sizeText(gpu?.vramMiB ?? null)}</span>
        </span>
        <span class="line">
          <Swatch cloud={provider} />
          {shortRef(ref)}
        </span>
      </th>
      <td class="tablet-only">
        <span class="line">{placeText(location)}</span>
        <span class="line">{reliability === null ? "" : `${(reliability * 100).toFixed(1)}%`}</span>
      </td>
      <td>{costBar(cost, cloudColor(clouds, provider), most)}</td>
      <td class="right">
        <span class="line strong">
          {cost.exact ? "" : "~"}
          {amountText(cost.total)}
        </span>
        <span class="line">
          {priceText(pricePerHour)}
          <span class="tablet-only"> per hour</span>
          {interruptible ? ", may go" : ""}
        </span>
      </td>
      {acts && (
        <td class="right tablet-only">
          <button type="button" class="tiny" aria-label={`Launch ${gpuText(gpu)} of ${ref}`} onClick={choose}>
            Launch
          </button>
        </td>
      )}
    </tr>
  )
}
