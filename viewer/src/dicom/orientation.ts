import { type DataSet, numbers, texts } from './dataset';
import { functionalGroup } from './grey';

/** Letters of the patient directions that the image's right and lower edges point to. */
export interface Orientation {
  readonly right: string;
  readonly down: string;
}

export function readOrientation(set: DataSet, frame: number): Orientation | undefined {
  const plane = functionalGroup(set, frame, '00209116') ?? set;
  const cosines = numbers(plane, '00200037');
  if (cosines.length === 6) return { right: letters(cosines.slice(0, 3)), down: letters(cosines.slice(3)) };
  const [right, down] = texts(set, '00200020');
  return right && down ? { right, down } : undefined;
}

const opposites: Readonly<Record<string, string>> = { L: 'R', R: 'L', P: 'A', A: 'P', H: 'F', F: 'H' };

export const opposite = (direction: string): string =>
  [...direction].map((letter) => opposites[letter] ?? letter).join('');

/** The axes a direction leans to, strongest first; patient axes grow to left, posterior, head (C.7.6.2.1.1). */
function letters(cosines: number[]): string {
  const names = [
    ['L', 'R'],
    ['P', 'A'],
    ['H', 'F'],
  ] as const;
  return cosines
    .map((cosine, axis) => ({ size: Math.abs(cosine), letter: names[axis]?.[cosine < 0 ? 1 : 0] ?? '' }))
    .filter((part) => part.size > 0.25)
    .sort((one, other) => other.size - one.size)
    .slice(0, 2)
    .map((part) => part.letter)
    .join('');
}
