#!/usr/bin/env escript
%% Reads each message with the third-party codec of Erlang/OTP and writes it again, pretty and
%% compact, beside the file. Prints a line for each message that it refuses; exits 1 if any.
main(Files) ->
    Refused = lists:sum([again(File) || File <- Files]),
    io:format("~w read, ~w refused~n", [length(Files), Refused]),
    halt(min(Refused, 1)).

again(File) ->
    {ok, Octets} = file:read_file(File),
    case megaco_pretty_text_encoder:decode_message([], dynamic, Octets) of
        {ok, Message} ->
            write(File ++ ".pretty", megaco_pretty_text_encoder, Message),
            write(File ++ ".compact", megaco_compact_text_encoder, Message),
            0;
        {error, Reason} ->
            io:format("~ts: ~0p~n", [File, Reason]),
            1
    end.

write(File, Encoder, Message) ->
    {_, _, {_, Version, _, _}} = Message,
    {ok, Octets} = Encoder:encode_message([], Version, Message),
    ok = file:write_file(File, Octets).
