import type { CompareJson } from "@anygpu/operations/protocol"
import { useEffect, useMemo, useState } from "preact/hooks"
import type { Asked } from "../data/answers.ts"
import type { Job } from "../data/job.ts"
import { go } from "../data/route.ts"
import { Field, Segments } from "../parts/field.tsx"
import { Panel } from "../parts/panel.tsx"

/** A text of the form is asked for so long after the last letter. */
const patience = 450

const interruptibles = [
  ["", "No"],
  ["only", "Only"],
  ["both", "Both"]
] as const

/** The job that is compared. It stands in the address, and is asked for while it is typed. */
export const JobForm = ({ job, asked }: { readonly job: Job; readonly asked: Asked<CompareJson> }) => {
  const [typed, setTyped] = useState(job)
  const { answer } = asked
  const known = useMemo(
    () => [...new Set(answer?.candidates.flatMap(({ offer }) => offer.gpu?.model ?? []))].sort(),
    [answer]
  )
  useEffect(() => {
    const timer = setTimeout(() => go("market", { ...typed }, true), patience)
    return () => clearTimeout(timer)
  }, [typed])
  const set = (name: keyof Job) => (value: string) => setTyped((before) => ({ ...before, [name]: value }))
  const submit = (event: Event) => {
    event.preventDefault()
    go("market", { ...typed }, true)
    asked.again()
  }
  const issues = asked.error?.issues ?? []
  return (
    <Panel title="What a job costs" note="with every minimum, begun hour, disk and traffic">
      <form class="body fields" onSubmit={submit}>
        <Field
          label="GPU"
          name="gpu"
          value={typed.gpu}
          onInput={set("gpu")}
          placeholder="any"
          suggestions={known}
          class="grow"
        />
        <Field label="Count" name="count" value={typed.count} onInput={set("count")} placeholder="any" />
        <Field label="Memory each" name="minVram" value={typed.minVram} onInput={set("minVram")} placeholder="any" />
        <Field label="For" name="for" value={typed.for} onInput={set("for")} placeholder="1h" />
        <Field label="Disk" name="disk" value={typed.disk} onInput={set("disk")} placeholder="any" />
        <Field label="Traffic out" name="egress" value={typed.egress} onInput={set("egress")} placeholder="none" />
        <Field label="Place" name="country" value={typed.country} onInput={set("country")} placeholder="anywhere" />
        <div class="field half wide">
          <span class="label">May be taken away</span>
          <Segments
            label="Offers that the cloud may take away"
            value={typed.interruptible as "" | "only" | "both"}
            values={interruptibles}
            onChange={set("interruptible")}
          />
        </div>
        <button type="submit" class="main half">
          Compare
        </button>
      </form>
      {issues.length > 0 && (
        <div class="body bad" role="alert">
          {issues.map(({ path, problem }) => (
            <p key={path}>
              {path}: {problem}
            </p>
          ))}
        </div>
      )}
    </Panel>
  )
}
