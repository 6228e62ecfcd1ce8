/** The kinds of machine a cloud rents out. Capabilities belong to a provider *and kind*, never to a brand. */
export type Kind = "container" | "vm" | "baremetal" | "cpu-vm"

/** Every {@link Kind}, for parsing and tables. */
export const kinds: ReadonlyArray<Kind> = ["container", "vm", "baremetal", "cpu-vm"]
