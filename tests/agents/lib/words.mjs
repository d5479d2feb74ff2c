// How texts of two projections are compared: by what reads the same.

/** Characters that nobody sees; the Markdown is free of them, and so is what it is compared with. */
export const INVISIBLE = /[\u200b-\u200d\u2060\ufeff\u00ad\u180e]/g;

/** On one line, without what nobody sees. */
export const collapsed = (text) => text.replace(INVISIBLE, "").replace(/\s+/g, " ").trim();

/** The words of a text: runs of letters, digits and underscores. */
export const words = (text) => text.replace(INVISIBLE, "").normalize("NFC").match(/[\p{L}\p{N}\p{M}_]+/gu) ?? [];

/** What a text says, however it is spaced and wrapped: for cells, titles and labels. */
export const essence = (text) => text.replace(INVISIBLE, "").normalize("NFC").replace(/\s+/g, "");

/** A list of words without each place where `gone` (a list of words) stands in it. */
export function without(list, gone) {
  if (gone.length === 0) return list;
  const kept = [];
  for (let at = 0; at < list.length; ) {
    if (gone.every((word, index) => list[at + index] === word)) at += gone.length;
    else kept.push(list[at++]);
  }
  return kept;
}

/** What the first list has more of than the second, each as often as it is missing. */
export function surplus(first, second) {
  const counts = new Map();
  for (const item of second) counts.set(item, (counts.get(item) ?? 0) + 1);
  return first.filter((item) => {
    const left = counts.get(item) ?? 0;
    if (left > 0) counts.set(item, left - 1);
    return left === 0;
  });
}

/** A text that is short enough for a report. */
export const short = (text, most = 80) => {
  const line = collapsed(String(text));
  return line.length > most ? `${line.slice(0, most)}…` : line;
};
