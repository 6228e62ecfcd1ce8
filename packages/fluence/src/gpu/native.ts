import { shownImage } from "@anygpu/core/adapter"
import type * as wire from "./wire.ts"

/** What all three kinds say alike and the common model has no place for. */
const nativeOf = ({ name, resources, domain, network, location, billing, created_at, updated_at }: wire.Machine) => ({
  ...{ name, resources, domain, network, location, created_at, updated_at },
  billing: billing ?? null
})

/** Fluence's own facts of a GPU machine of any kind, under its names. Amounts are USDC, rounded for display. */
type MachineNative = ReturnType<typeof nativeOf>

/**
 * Fluence's own facts of a container.
 *
 * - Of its variables the names alone: `container_info.environment` has no values, and so the ssh key is not in it. Of its
 *   start command only whether there is one (`<redacted>`): people write secrets into both.
 * - Its image is without a login and a query.
 * - A list has neither `container_status` nor `container_info`.
 */
export type ContainerNative = MachineNative & {
  readonly instance_status: string | null | undefined
  readonly container_status: string | null | undefined
  readonly container_info:
    | (Pick<NonNullable<wire.Container["container_info"]>, "image" | "expose" | "startup_command"> & {
        readonly environment: ReadonlyArray<{ readonly name: string }> | null | undefined
      })
    | null
    | undefined
}

const containerInfoOf = (info: wire.Container["container_info"]): ContainerNative["container_info"] =>
  info && {
    image: shownImage(info.image),
    expose: info.expose,
    startup_command: info.startup_command ? "<redacted>" : null,
    environment: info.environment?.map(({ name }) => ({ name }))
  }

/** Fluence's own facts of a GPU VM or a bare metal machine; a list has neither `os_image` nor how to log in. */
export type VmNative = MachineNative &
  Pick<wire.Vm, "status" | "availability" | "os_image" | "ssh_connection" | "ssh_key">

/** The facts of a row. */
export const containerNativeOf = (row: wire.Container): ContainerNative => {
  const { instance_status, container_status } = row
  return { ...nativeOf(row), instance_status, container_status, container_info: containerInfoOf(row.container_info) }
}

/** The facts of a row. */
export const vmNativeOf = (row: wire.Vm): VmNative => {
  const { status, availability, os_image, ssh_connection, ssh_key } = row
  return { ...nativeOf(row), status, availability, os_image: shownImage(os_image), ssh_connection, ssh_key }
}
