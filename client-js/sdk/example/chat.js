import { Plenary } from "/sdk/index.js";
const plenary = new Plenary({ event: "sample" });
await plenary.connect().catch((error) => { log.append(error.message); throw error; });
const rooms = await (await fetch("/api/v1/events/sample/rooms")).json();
const room = await plenary.join(rooms.items[0].channel);
const line = ({ sender, text, pending = "" }) => Object.assign(document.createElement("li"),
  { textContent: `${sender?.name}: ${text ?? "(deleted)"} ${pending}` });
const show = () => log.replaceChildren(...room.messages.map(line).reverse()); // the newest on top
room.on("update", show); show();
form.onsubmit = (event) => { event.preventDefault(); if (text.value.trim()) room.send(text.value); form.reset(); };
