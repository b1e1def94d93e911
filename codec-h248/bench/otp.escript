#!/usr/bin/env escript
%%! +sbwt none
%% The codec of Erlang/OTP, driven line by line: it keeps the messages that it is given and takes,
%% and says how long it needs for them.
-mode(compile).

main([]) ->
    ok = application:load(megaco),
    {ok, Megaco} = application:get_key(megaco, vsn),
    {ok, Port} = megaco_flex_scanner:start(),
    io:format("OTP ~s (~s), megaco ~s~n",
              [erlang:system_info(otp_release), erlang:system_info(emu_flavor), Megaco]),
    serve({flex, Port}, #{}).

serve(Scanner, Kept) ->
    case io:get_line("") of
        eof -> ok;
        Line -> serve(Scanner, answer(string:lexemes(Line, " \n"), Scanner, Kept))
    end.

answer(["try", Kind, Version, Hex], Scanner, Kept) ->
    {Answer, _} = taken(codec(Kind, Scanner), list_to_integer(Version), Hex),
    io:format("~s~n", [Answer]),
    Kept;
answer(["keep", Kind, Version, Hex], Scanner, Kept) ->
    {Answer, Entry} = taken(codec(Kind, Scanner), list_to_integer(Version), Hex),
    io:format("~s~n", [Answer]),
    maps:update_with(Kind, fun(Entries) -> [Entry | Entries] end, [Entry], Kept);
answer([What, Kind, Passes], Scanner, Kept) ->
    Messages = maps:get(Kind, Kept),
    io:format("~w~n", [timed(What, codec(Kind, Scanner), Messages, list_to_integer(Passes))]),
    Kept.

codec("pretty", Scanner) -> {megaco_pretty_text_encoder, [Scanner]};
codec("compact", Scanner) -> {megaco_compact_text_encoder, [Scanner]};
codec("ber", _) -> {megaco_ber_encoder, []};
codec("native", _) -> {megaco_ber_encoder, [native]}.

%% Whether both ways succeed. Told the version, it decodes all of a message; left to find out, it
%% leaves out what newer versions have added.
taken({Codec, Config}, Version, Hex) ->
    Octets = binary:decode_hex(list_to_binary(Hex)),
    try
        {ok, Message} = Codec:decode_message(Config, Version, Octets),
        {ok, _} = Codec:encode_message(Config, Version, Message),
        {"taken", {Octets, Version, Message}}
    catch
        _:_ -> {"refused", none}
    end.

%% Nanoseconds of so many passes over the messages, after one to warm up; by a process of its own
%% with so much room that garbage is hardly collected.
timed(What, Codec, Messages, Passes) ->
    Self = self(),
    spawn_opt(fun() ->
        passes(What, Codec, Messages, 1),
        Start = erlang:monotonic_time(nanosecond),
        passes(What, Codec, Messages, Passes),
        Self ! {took, erlang:monotonic_time(nanosecond) - Start}
    end, [{min_heap_size, 1_000_000}, {min_bin_vheap_size, 1_000_000}]),
    receive {took, Nanoseconds} -> Nanoseconds end.

passes(_, _, _, 0) -> ok;
passes(What, Codec, Messages, Left) ->
    pass(What, Codec, Messages),
    passes(What, Codec, Messages, Left - 1).

pass(_, _, []) -> ok;
pass("decode", {Codec, Config} = With, [{Octets, Version, _} | Rest]) ->
    {ok, _} = Codec:decode_message(Config, Version, Octets),
    pass("decode", With, Rest);
pass("encode", {Codec, Config} = With, [{_, Version, Message} | Rest]) ->
    {ok, _} = Codec:encode_message(Config, Version, Message),
    pass("encode", With, Rest).
