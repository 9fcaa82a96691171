import { type DataSet, text } from './dataset';

/** Whose image it is, as the image itself says. */
export interface Patient {
  readonly name: string;
  readonly id: string;
  readonly birthDate: string;
}

export function readPatient(set: DataSet): Patient {
  return {
    name: personName(text(set, '00100010')) ?? 'Name not in the image',
    id: text(set, '00100020') ?? 'no identifier',
    birthDate: date(text(set, '00100030')) ?? 'birth date unknown',
  };
}

/** `FAMILY^Given^Middle` becomes `FAMILY, Given Middle` (PS3.5 6.2.1). */
export function personName(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const [family, ...given] = name.split('^').map((part) => part.trim());
  return [family, given.filter((part) => part !== '').join(' ')].filter((part) => part !== '').join(', ');
}

/** `19700131` becomes `1970-01-31`; whatever else stands there is shown as it stands. */
export function date(value: string | undefined): string | undefined {
  return value?.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
}
