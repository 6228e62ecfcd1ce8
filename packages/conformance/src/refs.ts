import { InstanceRef } from "@anygpu/core"
import type { TestContext } from "./test-context.ts"

/** A ref in the provider's own form to a machine that nobody has. */
export const someRef = ({ provider, world }: TestContext): InstanceRef =>
  new InstanceRef(provider.provider, provider.kind, world.unknownId)

/** The ref of a machine that the truth or a console names. */
export const refTo = ({ provider }: TestContext, id: string): InstanceRef =>
  new InstanceRef(provider.provider, provider.kind, id)

/** A valid public key that no account has. */
export const freshKey =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB8mYd5sTzNcl0KqXv4QyL1pWb7uRgHtEoJ3iMfAxZ9c conformance@anygpu"

/** A text that has to be refused and must not be shown. */
export const privateKey =
  "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU\n-----END OPENSSH PRIVATE KEY-----"
