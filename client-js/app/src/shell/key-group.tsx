interface KeyGroupProps {
  title: string;
  /** Keys as labelled on the keyboard, and what they do. */
  keys: readonly (readonly [keys: readonly string[], does: string])[];
}

/** Keys that belong together, in the help. */
export function KeyGroup({ title, keys }: KeyGroupProps) {
  return (
    <section class="stack-small">
      <h3>{title}</h3>
      <dl class="keys-list">
        {keys.map(([names, does]) => (
          <div key={does}>
            <dt>
              {names.map((name) => (
                <kbd key={name}>{name}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
