import { createMoney } from "../kit/money.ts"

/** Whole nano-USDC, so that every documented price and every multiple of it is exact. */
export const money = createMoney({ exactTo: "nano", split: 1n })

/** A decimal string of USDC as the CPU family writes them (`"2.4352"`, `".30697"`), or undefined for another text. */
export const parseDecimal = (text: string): bigint | undefined => {
  const [, whole = "", fraction = ""] = /^(\d{0,12})(?:\.(\d{1,9}))?$/.exec(text) ?? []
  if (whole === "" && fraction === "") return undefined
  return BigInt(whole === "" ? "0" : whole) * money.unitsPerDollar + BigInt(fraction.padEnd(9, "0"))
}

/**
 * USDC as the GPU family shows it: a number rounded to cents.
 *
 * - An hour at 0.755 shows as 0.76 and two as 1.51. Source: Fluence docs, Manage instances, the active VM example.
 */
export const toCents = (nanos: bigint): number => Number((nanos + 5_000_000n) / 10_000_000n) / 100

/** A price as the CPU family writes it: a decimal string without trailing zeros. */
export const toDecimal = (nanos: bigint): string => {
  const fraction = (nanos % money.unitsPerDollar).toString().padStart(9, "0").replace(/0+$/, "")
  return `${nanos / money.unitsPerDollar}${fraction === "" ? "" : `.${fraction}`}`
}

/**
 * A balance of a CPU machine: as a price, but less than one USDC has no leading zero.
 *
 * - `pricePerEpoch` 0.30697 stands beside `reservedBalance` .30697. Source: Fluence docs, Manage VM, a VM its provider
 *   ended.
 */
export const toBalance = (nanos: bigint): string => toDecimal(nanos).replace(/^0\./, ".")
