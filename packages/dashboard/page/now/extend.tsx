import type { ExtendedJson } from "@anygpu/operations/protocol"
import { useState } from "preact/hooks"
import { priceText } from "../../src/view/amount.ts"
import { useAction } from "../data/action.ts"
import type { Machine } from "../data/machine.ts"
import { announce } from "../parts/announcer.tsx"
import { Field } from "../parts/field.tsx"
import { Problem } from "../parts/problem.tsx"
import { momentText } from "../parts/time.tsx"

/** Moves the end of a machine that is rented for a time: never to an earlier one. */
export const Extend = ({ machine: { ref, name, pricePerHour } }: { readonly machine: Machine }) => {
  const [time, setTime] = useState("2h")
  const { busy, error, answer, run } = useAction<ExtendedJson>()
  const textOf = ({ until, before }: ExtendedJson): string =>
    until === before
      ? `${name} lasts until ${momentText(Date.parse(until))} already`
      : `${name} now ends at ${momentText(Date.parse(until))}`
  const send = async (event: Event) => {
    event.preventDefault()
    const extended = await run("extend", { ref, for: time })
    if (extended) announce(textOf(extended))
  }
  return (
    <>
      <form class="row extend" onSubmit={send}>
        <Field label="Needed, from now" name="for" value={time} onInput={setTime} placeholder="2h 30m" required />
        <button type="submit" disabled={busy}>
          Extend, for {priceText(pricePerHour)} per hour
        </button>
      </form>
      {answer && <p>{textOf(answer)}.</p>}
      {error && <Problem what="Its end is as it was" error={error} />}
    </>
  )
}
