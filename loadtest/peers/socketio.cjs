// A room and what is said in it: `join` (room) and `say` (room, text) are answered, and `said`
// (room, text) goes to everybody in the room.
const { createServer } = require("node:http");
const { Server } = require("socket.io");

const http = createServer();
const io = new Server(http, { transports: ["websocket"], serveClient: false });

// What Socket.IO keeps of the first request is not needed any more.
io.engine.on("connection", (connection) => {
  connection.request = null;
});

io.on("connection", (socket) => {
  socket.on("join", (room, answer) => {
    socket.join(room);
    answer();
  });
  socket.on("say", (room, text, answer) => {
    io.to(room).emit("said", room, text);
    answer();
  });
});

http.listen({ port: Number(process.argv[2]), host: "127.0.0.1", backlog: 4096 });
