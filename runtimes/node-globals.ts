/** Names that are global in Node and nowhere else. */
export const nodeGlobals = ["process", "Buffer", "setImmediate", "clearImmediate", "global", "__dirname", "__filename"]
