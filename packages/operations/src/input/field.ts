import type { ExistingVolume, InstanceRef, Money, PortRequest, VolumeRequest } from "anygpu"

/** A type of value that is a text in JSON and in programs. */
interface Text {
  readonly wire: string
  readonly value: string
}

/** A type of value that is a number in JSON and in programs. */
interface Numeric {
  readonly wire: number
  readonly value: number
}

/**
 * The types of values that operations take, by their names, which help shows as `--ttl <duration>`: how each is written in
 * JSON (`wire`), and what an operation gets (`value`). `values.ts` has how each is read, and `input-schema.ts` its schema.
 */
export interface ValueTypes {
  readonly text: Text
  readonly name: Text
  readonly image: Text
  readonly place: Text
  readonly country: Text
  readonly gpu: Text
  readonly offer: Text
  /** One of the `choices` of its field. */
  readonly choice: Text
  /** A machine by its whole ref, id or name; a program may give its ref. */
  readonly machine: { readonly wire: string; readonly value: string | InstanceRef }
  /** A whole number, of at least the `least` of its field: 1 by default. */
  readonly count: Numeric
  /** A share, 0 to 1. */
  readonly share: Numeric
  /** How many times as fast. */
  readonly speed: Numeric
  readonly money: { readonly wire: string; readonly value: Money }
  /** A length of time; the value is in milliseconds. */
  readonly duration: { readonly wire: string; readonly value: number }
  /** A size; the value is in MiB. */
  readonly size: { readonly wire: string; readonly value: number }
  /** The speed of a line; the value is in megabits per second. */
  readonly bandwidth: { readonly wire: string; readonly value: number }
  /** A version by its numbers: `12.4`. */
  readonly version: Text
  /** A moment. */
  readonly time: { readonly wire: string; readonly value: Date }
  /** An extra disk: `data=200GB`. */
  readonly volume: { readonly wire: string; readonly value: VolumeRequest }
  /** A disk of an account that exists: `runpod/2q9m7x4c`, `lambda/data=/data` with the folder in which it is mounted. */
  readonly "existing-volume": { readonly wire: string; readonly value: ExistingVolume }
  /** What a machine is for: `team=nlp`. */
  readonly tag: { readonly wire: string; readonly value: { readonly name: string; readonly value: string } }
  readonly switch: { readonly wire: boolean; readonly value: boolean }
  /** A port to reach from outside. */
  readonly port: {
    readonly wire: { readonly port: number; readonly protocol?: "tcp" | "udp" | "http" }
    readonly value: PortRequest
  }
  /** The number of a port. */
  readonly "port-number": Numeric
  /** A port of a machine, and the one of this computer that leads there where it is another: `8888`, `8888:9000`. */
  readonly forwarding: {
    readonly wire: string
    readonly value: { readonly remote: number; readonly local: number | null }
  }
  /** Variables of the environment, by their names. */
  readonly variables: {
    readonly wire: Readonly<Record<string, string>>
    readonly value: Readonly<Record<string, string>>
  }
  /** The words of a command. */
  readonly words: { readonly wire: ReadonlyArray<string>; readonly value: ReadonlyArray<string> }
  /** A shell script; on a command line its file. */
  readonly script: Text
  /** A public ssh key; on a command line its file or its text. */
  readonly "public-key": Text
  /** A file of this computer: of commands, and of operations that work on it. */
  readonly file: Text
}

/** The name of a type of value. */
export type ValueType = keyof ValueTypes

/** One value that an operation takes. */
export interface Field<T extends ValueType = ValueType> {
  readonly type: T
  /** What it is for, as a phrase. */
  readonly description: string
  /** Without it there is nothing to run. */
  readonly required?: true
  /** A list, of which one may be given alone; most are parted by commas too. */
  readonly repeats?: true
  /** Only these values. */
  readonly choices?: ReadonlyArray<string>
  /** Of a count: the least that it may be. */
  readonly least?: number
  /** The name of its option, where that is not its own: `port` for `ports`. */
  readonly flag?: string
  /** The fields of the SDK behind it, where they have other names: an error names those. */
  readonly sets?: ReadonlyArray<string>
}

/** What an operation takes, by name. */
export type Fields = Readonly<Record<string, Field>>

/** Fields, with their types kept as exact as they are written. */
export const fields = <const F extends Fields>(all: F): F => all

type RequiredName<F extends Fields> = {
  [Name in keyof F]: F[Name] extends { readonly required: true } ? Name : never
}[keyof F]

type Listed<F extends Field, One> = F extends { readonly repeats: true } ? ReadonlyArray<One> : One

/** Of a field of which nothing is known, anything. */
type ValueOf<F extends Field> = Field extends F
  ? unknown
  : Listed<F, F extends { readonly choices: ReadonlyArray<infer Choice> } ? Choice : ValueTypes[F["type"]]["value"]>

type WireOf<F extends Field> = Field extends F
  ? unknown
  : ValueTypes[F["type"]]["wire"] | Listed<F, ValueTypes[F["type"]]["wire"]>

type Both<Required, Optional> = { readonly [Name in keyof (Required & Optional)]: (Required & Optional)[Name] }

/** What an operation with these fields gets: values, and never text of which it would have to know how to read it. */
export type InputOf<F extends Fields> = Both<
  { readonly [Name in RequiredName<F>]: ValueOf<F[Name]> },
  { readonly [Name in Exclude<keyof F, RequiredName<F>>]?: ValueOf<F[Name]> | undefined }
>

/** The same as it is written in JSON. */
export type WireInputOf<F extends Fields> = Both<
  { readonly [Name in RequiredName<F>]: WireOf<F[Name]> },
  { readonly [Name in Exclude<keyof F, RequiredName<F>>]?: WireOf<F[Name]> }
>
