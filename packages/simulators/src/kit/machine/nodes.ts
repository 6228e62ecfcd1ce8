interface Meta {
  /** The permissions alone. */
  mode: number
  /** When it was changed, in epoch milliseconds. */
  changed: number
}

/** Bytes under a name; `bytes` may be longer than `size`. */
export interface FileNode extends Meta {
  readonly kind: "file"
  bytes: Buffer
  size: number
}

/** A folder. */
export interface FolderNode extends Meta {
  readonly kind: "folder"
  readonly entries: Map<string, Node>
  /** What is in it besides, made when somebody looks: processes. */
  readonly live?: { readonly names: () => ReadonlyArray<string>; readonly get: (name: string) => Node | undefined }
}

/** A symbolic link. */
export interface LinkNode extends Meta {
  readonly kind: "link"
  readonly target: string
}

/** A text that is made when somebody reads it, as those in `/proc`; what is written to it goes nowhere. */
export interface TextNode extends Meta {
  readonly kind: "text"
  readonly read: () => string
}

/** A device, by what it does when it is read and written. */
export interface DeviceNode extends Meta {
  readonly kind: "device"
  readonly device: "null" | "zero" | "random" | "full"
}

/** Whatever stands under a name. */
export type Node = FileNode | FolderNode | LinkNode | TextNode | DeviceNode

/** A file's bytes. */
export const contentOf = ({ bytes, size }: FileNode): Buffer => bytes.subarray(0, size)
