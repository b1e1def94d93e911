#!/usr/bin/env escript
%% Reads a stream of messages with the third-party codec of Erlang/OTP and writes each again:
%% for every message an answer, the octets or why it was refused. Messages and answers stand
%% behind their length in four octets; a message begins with its version, an answer with + or -.
-mode(compile).

main([Kind, In, Out]) ->
    {ok, Octets} = file:read_file(In),
    {Codec, Config} = codec(Kind),
    Answers = [answer(Codec, Config, Version, Message) || {Version, Message} <- messages(Octets)],
    ok = file:write_file(Out, Answers).

codec("pretty") -> {megaco_pretty_text_encoder, []};
codec("compact") -> {megaco_compact_text_encoder, []};
codec("ber") -> {megaco_ber_encoder, [native]}.

messages(<<Length:32, Version, Message:Length/binary, Rest/binary>>) ->
    [{Version, Message} | messages(Rest)];
messages(<<>>) -> [].

answer(Codec, Config, Version, Octets) ->
    case catch again(Codec, Config, Version, Octets) of
        {ok, Written} -> framed($+, Written);
        Why -> framed($-, io_lib:format("~0P", [Why, 40]))
    end.

framed(Sign, Said) ->
    Body = iolist_to_binary([Sign, Said]),
    <<(byte_size(Body)):32, Body/binary>>.

again(Codec, Config, Version, Octets) ->
    {ok, Message} = Codec:decode_message(Config, Version, Octets),
    Codec:encode_message(Config, Version, Message).
