/** What a row of a settings table says: forms, help, validation, links and manifests derive from such rows. */

interface SpecBase {
  /** The part of the form it belongs to. */
  readonly group: string;
  readonly label: string;
  /** Empty where there is none. */
  readonly unit: string;
  readonly help: string;
}

export interface NumberSpec extends SpecBase {
  readonly kind: 'number';
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** Only whole numbers. */
  readonly whole: boolean;
  readonly default: number;
  /** Values to offer beside free entry. */
  readonly presets?: readonly { readonly value: number; readonly label: string }[];
}

/** A number, or null, which has a meaning of its own. */
export interface OptionalNumberSpec extends SpecBase {
  readonly kind: 'optionalNumber';
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly whole: boolean;
  readonly default: number | null;
  /** What null means. */
  readonly nullLabel: string;
}

export interface ChoiceSpec extends SpecBase {
  readonly kind: 'choice';
  readonly options: readonly { readonly value: string | number; readonly label: string }[];
  readonly default: string | number;
}

export interface BooleanSpec extends SpecBase {
  readonly kind: 'boolean';
  readonly default: boolean;
}

export interface TextSpec extends SpecBase {
  readonly kind: 'text';
  /** `time`: HH:MM on a 24-hour clock; `zone`: an IANA time zone; `day`: YYYY-MM-DD or nothing; `list`: words with commas, or nothing. */
  readonly format: 'time' | 'zone' | 'day' | 'list';
  readonly default: string;
}

export type SettingSpec = NumberSpec | OptionalNumberSpec | ChoiceSpec | BooleanSpec | TextSpec;
