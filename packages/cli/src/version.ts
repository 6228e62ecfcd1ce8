declare const __ANYGPU_VERSION__: string | undefined

/** The version of this command; put in when it is built. */
export const version = typeof __ANYGPU_VERSION__ === "string" ? __ANYGPU_VERSION__ : "0.0.0-source"
