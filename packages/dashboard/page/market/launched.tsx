import type { LaunchedJson } from "@anygpu/operations/protocol"
import { amountsText, priceText } from "../../src/view/amount.ts"
import { Copy } from "../parts/copy.tsx"
import { Problem } from "../parts/problem.tsx"

/** What a launch has made. */
export const Launched = ({ launched }: { readonly launched: LaunchedJson }) => {
  const { machine, ssh, trail, spent, leftoverErrors, quote } = launched
  return (
    <>
      <p>
        <strong>{machine.name}</strong> is {machine.ready ? "ready" : machine.status}, for{" "}
        {priceText(machine.pricePerHour)} per hour.{" "}
        {quote === null && "An earlier launch with the same key made it: nothing was rented now."}
      </p>
      {ssh && <Copy text={ssh} what="the ssh command" />}
      {trail.length > 1 && (
        <ul class="soft small">
          {trail.map(({ offer, outcome }) => (
            <li key={offer}>
              {offer}: {outcome}
            </li>
          ))}
        </ul>
      )}
      {spent.length > 0 && <p>The tries that came to nothing cost {amountsText(spent)}.</p>}
      {leftoverErrors.map((error) => (
        <Problem key={error.message} what="It may still cost money" error={error} />
      ))}
    </>
  )
}
