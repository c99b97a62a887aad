/** Figures of a report in one line, without empty ones. */
export function Numbers({ items }: { items: readonly (string | false)[] }) {
  const shown = items.filter((item) => item !== false);
  if (!shown.length) return null;
  return (
    <ul class="row">
      {shown.map((item) => (
        <li key={item} class="badge">
          {item}
        </li>
      ))}
    </ul>
  );
}
