import { Conflict } from "../errors.ts"
import type { LaunchRecord } from "../ledger/ledger.ts"
import type { Kind } from "../model/kind.ts"
import type { LaunchSpec } from "../model/launch-spec.ts"

/** A name of an image without the login that a URL can hold, as the ledger keeps it. */
export const withoutLogin = (image: string): string => image.replace(/\/\/[^/@]*@/, "//")

/** The spec as the ledger keeps it: what people need to recognise a launch, and nothing that can hold a secret. */
export const redactedSpec = <P extends string, K extends Kind>(spec: LaunchSpec<P, K>): Record<string, unknown> => {
  const { offer, image, os, env, registry, sshKeys, onStart, command, ports, diskMiB, volumes, bid, location } = spec
  const kept = {
    offer: { id: offer.id, gpu: offer.gpu, location: offer.location },
    image: image && withoutLogin(image),
    os: os && withoutLogin(os),
    env: env && Object.keys(env),
    registry: registry?.host,
    sshKeys: sshKeys?.length,
    onStart: onStart && `${onStart.length} characters`,
    command: command && `${command.length} arguments`,
    maxPerHour: spec.maxPerHour,
    ports,
    diskMiB,
    volumes,
    bid,
    location
  }
  return Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined))
}

/** A key names one launch: another cloud, kind, name or image under it is a mistake that must not be passed over. */
export const differenceOf = (held: LaunchRecord, asked: LaunchRecord): Conflict | null => {
  const what = (["provider", "kind", "name"] as const).find((field) => held[field] !== asked[field])
  const image = (["image", "os"] as const).find((field) => held.spec[field] !== asked.spec[field])
  if (!what && !image) return null
  const [before, now] = what ? [held[what], asked[what]] : [held.spec[image ?? "image"], asked.spec[image ?? "image"]]
  return new Conflict({
    message:
      `The key "${asked.key}" was used for another launch (${what ?? image} "${before}", not "${now}"): ` +
      `nothing was sent; use a key of its own for each launch`,
    retry: "permanent"
  })
}
