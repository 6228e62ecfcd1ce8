import { billingTexts, enderTexts } from "@anygpu/operations/words"
import { amountsText, priceText } from "../../src/view/amount.ts"
import { useNow } from "../data/clock.ts"
import { costNow, type Machine } from "../data/machine.ts"
import { Cloud } from "../parts/cloud.tsx"
import { Copy } from "../parts/copy.tsx"
import { Dialog } from "../parts/dialog.tsx"
import { Ago, momentText, Until, zoneText } from "../parts/time.tsx"
import { Logs } from "./logs.tsx"
import { MachineActions } from "./machine-actions.tsx"

interface SheetProps {
  readonly machine: Machine
  readonly onEnd: () => void
  readonly onClose: () => void
}

/** Everything about one machine, and what can be done to it. */
export const MachineSheet = ({ machine, onEnd, onClose }: SheetProps) => {
  const { ref, name, provider, account, ssh, urls, actions } = machine
  const subtitle = (
    <>
      <Cloud cloud={provider} account={account} /> · <span class="mono">{ref}</span>
    </>
  )
  return (
    <Dialog sheet title={name} subtitle={subtitle} onClose={onClose}>
      <MachineActions machine={machine} onEnd={onEnd} />
      <Facts machine={machine} />
      <section>
        <h3>Log in</h3>
        {ssh === null ? (
          <p class="soft">It has no way in by ssh, or not yet.</p>
        ) : (
          <Copy text={ssh} what="the ssh command" />
        )}
        {urls.map((url) => (
          <p key={url}>
            {/^https?:/.test(url) ? (
              <a href={url} target="_blank" rel="noreferrer">
                {url}
              </a>
            ) : (
              url
            )}
          </p>
        ))}
      </section>
      {actions.includes("logs") && <Logs of={ref} />}
    </Dialog>
  )
}

const Facts = ({ machine }: { readonly machine: Machine }) => {
  const now = useNow()
  const { gpu, place, status, tone, billing, pricePerHour, createdAt, leaseUntil, endedBy, owner, tags, said } = machine
  const { cost } = machine.entry
  const gap = (seconds: number, text: string) => (seconds > 0 ? `, ${Math.ceil(seconds / 60)}m ${text}` : "")
  return (
    <dl class="facts">
      <dt>Status</dt>
      <dd class={tone}>{status}</dd>
      {said !== null && (
        <>
          <dt>Its cloud says</dt>
          <dd>{said}</dd>
        </>
      )}
      <dt>Billed</dt>
      <dd>{billingTexts[billing]}</dd>
      <dt>Per hour</dt>
      <dd>{priceText(pricePerHour)}</dd>
      <dt>So far</dt>
      <dd>
        {amountsText(costNow(machine, now), "not known")}
        {cost && (
          <span class="soft">
            {" "}
            (an estimate{gap(cost.unobservedSeconds, "not looked at")}
            {gap(cost.unpricedSeconds, "its price not known")})
          </span>
        )}
      </dd>
      <dt>GPU</dt>
      <dd>
        {gpu}, {place}
      </dd>
      {createdAt !== null && (
        <>
          <dt>Made</dt>
          <dd>
            <Ago at={createdAt} />, {momentText(createdAt)} <span class="soft">{zoneText()}</span>
          </dd>
        </>
      )}
      <dt>Ends</dt>
      <dd>
        {leaseUntil === null ? "when you end it" : <Until at={leaseUntil} />}
        {leaseUntil !== null && endedBy !== null && `, by ${enderTexts[endedBy]}`}
      </dd>
      <dt>Owner</dt>
      <dd>{owner ?? "not known"}</dd>
      {tags.length > 0 && (
        <>
          <dt>For</dt>
          <dd>{tags.join(", ")}</dd>
        </>
      )}
    </dl>
  )
}
