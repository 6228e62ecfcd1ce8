/** Bytes as base64 with padding. */
export const base64Of = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes))

/**
 * The bytes of base64 in either alphabet.
 *
 * - As lenient as the servers that read it: padding may be missing, and a last letter that is no whole byte is ignored.
 */
export const bytesOf = (base64: string): Uint8Array => {
  const letters = base64
    .replaceAll("-", "+")
    .replaceAll("_", "/")
    .replace(/[^A-Za-z0-9+/]/g, "")
  const whole = letters.length % 4 === 1 ? letters.slice(0, -1) : letters
  return Uint8Array.from(atob(whole), (letter) => letter.charCodeAt(0))
}
