import { show } from "@anygpu/operations"
import { statusText } from "@anygpu/operations/run"
import { billingTexts, enderTexts, sizeText } from "@anygpu/operations/words"
import { type Instance, isReady, type SpentSum, tagTexts } from "anygpu"
import type { EndedBy } from "anygpu/effect"
import { answering } from "../command/answering.ts"
import type { Context } from "../context.ts"
import { costText } from "../cost-text.ts"
import { fieldsText } from "../fields.ts"
import { gpuText, placeText, priceText, sinceText, timeText } from "../format.ts"
import { cloudEndText, nameText, paintStatus } from "../machines.ts"
import { plain } from "../plain.ts"

const momentText = (at: Instance["createdAt"], now: number): string | null =>
  at && `${timeText(at.epochMilliseconds)} (${sinceText(at.epochMilliseconds, now)})`

const ttlText = (until: number, endedBy: EndedBy, now: number): string =>
  until <= now
    ? `over since ${timeText(until)} (${sinceText(until, now)}): ${enderTexts[endedBy]} ends it`
    : `${timeText(until)} (${sinceText(until, now)}), then ${enderTexts[endedBy]} ends it`

/** A machine for people, every way in on a line of its own. */
export const machineText = (
  { out, now }: Pick<Context, "out" | "now">,
  machine: Instance,
  {
    until,
    endedBy,
    cost = null
  }: { readonly until: number | null; readonly endedBy: EndedBy; readonly cost?: SpentSum | null }
): string => {
  const { ref, name, gpu, vcpus, memoryMiB, storageMiB, location, pricePerHour: price, endpoints, marker } = machine
  const { ssh, ports, urls } = endpoints
  const tags = tagTexts(machine.tags)
  return fieldsText(out, [
    ["machine", plain(String(ref))],
    ["name", name && nameText(machine)],
    ["status", paintStatus(statusText(machine), machine, out.colors)],
    ["it says", isReady(machine) ? null : (machine.said?.split("\n").map(plain) ?? null)],
    ["billed now", billingTexts[machine.billing]],
    ["per hour", `${priceText(price)}${machine.interruptible ? ", may be taken away" : ""}`],
    ["so far", cost && costText(cost)],
    ["for", tags.length > 0 ? plain(tags.join(", ")) : null],
    ["account", machine.account === undefined ? null : plain(machine.account)],
    ["owner", machine.owner === undefined ? null : plain(machine.owner)],
    ["GPU", gpuText(gpu)],
    ["CPUs", vcpus === null ? null : String(vcpus)],
    ["memory", memoryMiB === null ? null : sizeText(memoryMiB)],
    ["disk", storageMiB === null ? null : sizeText(storageMiB)],
    ["place", placeText(location)],
    ["made", momentText(machine.createdAt, now())],
    ["ends", cloudEndText(machine, endedBy) ?? momentText(machine.endsAt, now())],
    ["ttl", until === null ? null : ttlText(until, endedBy, now())],
    ["ssh", ssh.map(({ command, via }) => `${plain(command)}${via === "proxy" ? "  (proxy)" : ""}`)],
    ["ports", ports.map((one) => plain(`${one.port}/${one.protocol} is ${one.host}:${one.externalPort}`))],
    ["urls", urls.map(plain)],
    ["can be", machine.actions.length > 0 ? machine.actions.join(", ") : null],
    ["marker", marker]
  ])
}

/** `anygpu show`: one machine with its ways in. */
export const run = answering(show, (context, { machine, ...more }) => ({
  text: () => machineText(context, machine, more)
}))
