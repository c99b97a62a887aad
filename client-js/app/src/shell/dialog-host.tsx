import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { complain } from '../ui/fetch-code';
import { closeDialog, currentDialog, type OpenDialog } from './dialogs';
import { fetchPart } from './lazy';
import type { Load } from './manifest';
import { dialog } from './registry';

type AnyProps = OpenDialog['props'] & { onClose: () => void };

/** Draws the open dialog. Its code is loaded when it is first opened. */
export default function DialogHost() {
  const wanted = currentDialog.value;
  const ready = useSignal<{ name: string; Component: ComponentType<AnyProps> } | undefined>(undefined);
  useEffect(() => {
    const load = wanted && (dialog(wanted.name) as Load<AnyProps> | undefined);
    if (!load || ready.value?.name === wanted.name) return;
    fetchPart(load).then(
      (Component) => (ready.value = { name: wanted.name, Component }),
      (problem: unknown) => {
        closeDialog();
        complain(problem);
      },
    );
  }, [wanted]);
  if (!wanted || ready.value?.name !== wanted.name) return null;
  const { Component } = ready.value;
  return <Component {...wanted.props} onClose={closeDialog} />;
}
