import type { ImagesJson, LaunchedJson, QuotedJson } from "@anygpu/operations/protocol"
import { useEffect, useMemo, useState } from "preact/hooks"
import { amountText } from "../../src/view/amount.ts"
import { about, useAllowed } from "../data/about.ts"
import { useAction } from "../data/action.ts"
import { useAnswer } from "../data/answers.ts"
import type { Job } from "../data/job.ts"
import { address } from "../data/route.ts"
import { useStore } from "../data/store.ts"
import { announce } from "../parts/announcer.tsx"
import { Dialog } from "../parts/dialog.tsx"
import { Problem } from "../parts/problem.tsx"
import type { Candidate } from "./candidates.tsx"
import { LaunchForm, type Wish } from "./launch-form.tsx"
import { Launched } from "./launched.tsx"
import { Quote } from "./quote.tsx"

const orderOf = ({ name, image, os, sshKey, tag }: Wish, { offer }: Candidate, job: Job): object => ({
  ...{ offer: offer.ref, for: job.for || "1h", name },
  ...(job.disk && { disk: job.disk }),
  ...(job.egress && { egress: job.egress }),
  ...(offer.interruptible && { interruptible: true }),
  ...(image && { image }),
  ...(os && { os }),
  ...(sshKey && { sshKeys: [sshKey] }),
  ...(tag && { tags: tag.split(",").map((one) => one.trim()) })
})

const needsSystem = (options: ReadonlyArray<string>): boolean => options.includes("image") || options.includes("os")

const noInput = {}

/** What waits a moment before it is taken for meant. */
const useSettled = <Value,>(value: Value, millis: number): Value => {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), millis)
    return () => clearTimeout(timer)
  }, [value, millis])
  return settled
}

interface LaunchProps {
  readonly candidate: Candidate
  readonly job: Job
  readonly onClose: () => void
}

/** The whole quote of an offer, and its launch. A key made for this dialog sees to it that it rents once. */
export const LaunchDialog = ({ candidate, job, onClose }: LaunchProps) => {
  const { offer } = candidate
  const kinds = useStore(about)?.clouds.find(({ name }) => name === offer.provider)?.kinds
  const options = kinds?.find(({ kind }) => kind === offer.kind)?.launchOptions ?? []
  const mayLaunch = useAllowed()("launch")
  const key = useMemo(() => crypto.randomUUID(), [])
  const model = offer.gpu?.model.toLowerCase().replace(/[^a-z0-9]+/g, "-") ?? "machine"
  const [wish, setWish] = useState<Wish>({ name: model, image: "", os: "", sshKey: "", tag: "" })
  const order = orderOf(wish, candidate, job)
  const isWhole = wish.name.trim() !== "" && (wish.image !== "" || wish.os !== "" || !needsSystem(options))
  const settled = useSettled(isWhole ? JSON.stringify(order) : null, 400)
  const asked = useAnswer<QuotedJson>(
    "quote",
    useMemo((): object | null => (settled === null ? null : JSON.parse(settled)), [settled])
  )
  const listed = useAnswer<ImagesJson>("images", needsSystem(options) ? noInput : null)
  const images = listed.answer?.images.filter(
    ({ provider, kind }) => provider === offer.provider && kind === offer.kind
  )
  const { busy, error, answer, run } = useAction<LaunchedJson>()
  const quote = asked.answer?.quote ?? null
  const launch = async () => {
    if (quote === null) return
    const launched = await run("launch", { ...order, key, maxTotal: quote.maxTotal.amount })
    if (launched) announce(`${wish.name} is launched`)
  }
  const footer = answer ? (
    <a class="button" href={address("now", new URLSearchParams({ machine: answer.machine.ref }))}>
      Show {answer.machine.name ?? "it"}
    </a>
  ) : (
    <>
      <button type="button" onClick={onClose}>
        {busy ? "Close: the launch goes on" : "Cancel"}
      </button>
      {mayLaunch && (
        <button
          type="button"
          class="main"
          disabled={busy || quote === null || asked.asking || !isWhole}
          onClick={launch}
        >
          {busy
            ? "Launching…"
            : quote
              ? `Rent it for ${quote.cost.exact ? "" : "~"}${amountText(quote.cost.total)}`
              : "Rent it"}
        </button>
      )}
    </>
  )
  return (
    <Dialog title={answer ? "Launched" : "Rent a machine"} subtitle={offer.ref} onClose={onClose} footer={footer}>
      {answer ? (
        <Launched launched={answer} />
      ) : (
        <>
          {mayLaunch ? (
            <LaunchForm {...{ wish, options }} systems={images?.map(({ id }) => id) ?? []} onChange={setWish} />
          ) : (
            <p class="soft">
              This server rents nothing. Start it with <code>anygpu dashboard --allow-changes --allow-spend 50</code>,
              or run <code>anygpu launch {offer.ref}</code>.
            </p>
          )}
          {error && <Problem what="The launch failed" error={error} />}
          {error?.trail?.map((one) => (
            <p key={one.offer} class="soft small">
              {one.offer}: {one.outcome}
              {one.message && ` (${one.message})`}
            </p>
          ))}
          {asked.error && <Problem what="No quote" error={asked.error} again={asked.again} />}
          {!isWhole && <p class="soft">Name what it shall run, for the whole quote.</p>}
          {quote ? <Quote quote={quote} asking={asked.asking} /> : <Quote quote={candidate} asking={asked.asking} />}
        </>
      )}
    </Dialog>
  )
}
